/** The names of a template's variables, for the type checker: one that may be missing is in `Query`. */
export type PathVariable<Template extends string> = Template extends
  `${string}{${infer Expression}}${infer Rest}` ? Expression extends `?${string}` ? PathVariable<Rest>
  : Expression extends `${"+" | "/"}${infer Name}` ? Name | PathVariable<Rest>
  : Expression | PathVariable<Rest>
  : never;

/** The names in `{?name,name}`. */
export type QueryVariable<Template extends string> = Template extends `${string}{?${infer Names}}`
  ? Split<Names>
  : never;

type Split<Names extends string> = Names extends `${infer First},${infer Rest}` ? First | Split<Rest> : Names;

/**
 * Reads a URI template (RFC 6570), so that URIs can be matched against it. The SDK's own class would have to be loaded before the first request, matches in polynomial time
 * where variables meet, and decodes nothing; so this takes only forms that can be matched in one way:
 * `{name}` and `{/name}`, one in each segment of the path; `{+name}`, which may hold slashes, at the end;
 * `{?name,name}` at the end.
 *
 * @throws Error in words for the app's author.
 */
export function parseUriTemplate(template: string) {
  const unfit = (reason: string) => new Error(`Cannot use the URI template "${template}": ${reason}.`);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(template)) throw unfit("it must begin with a scheme, such as notes:");
  const path: string[] = [];
  const query: string[] = [];
  let pattern = "";
  let segmentIsTaken = false;
  let ended = false;
  for (const part of template.split(/(\{[^{}]*\})/).filter((part) => part !== "")) {
    if (ended) throw unfit(`nothing can follow {+name} or {?name}, so "${part}" cannot`);
    if (!/^\{.*\}$/s.test(part)) {
      if (/[{}]/.test(part)) throw unfit(`a brace in "${part}" has no other`);
      pattern += RegExp.escape(part);
      if (part.includes("/")) segmentIsTaken = false;
      continue;
    }
    const [, operator, list = ""] = /^\{([+/?]?)(.*)\}$/.exec(part) ?? [];
    const names = operator === "?" ? list.split(",") : [list];
    if (!names.every((name) => /^\w+$/.test(name))) {
      throw unfit(`${part} is none of {name}, {/name}, {+name} and {?name,name}`);
    }
    ended = operator === "?" || operator === "+";
    if (operator === "?") {
      query.push(...names);
      continue;
    }
    if (segmentIsTaken && operator !== "/") throw unfit(`a "/" must stand before ${part}`);
    segmentIsTaken = true;
    pattern += operator === "+" ? "(.+)" : operator === "/" ? "/([^/?#]+)" : "([^/?#]+)";
    path.push(...names);
  }
  const names = [...path, ...query];
  if (names.length === 0) throw unfit("it has no variable");
  if (new Set(names).size < names.length) throw unfit("a name occurs twice");
  const addresses = new RegExp(`^${pattern}$`);

  return {
    /** Names of its variables. */
    names,
    /**
     * The variables of a URI, percent-decoded; undefined for a URI that the template cannot have given. Those of a query
     * may be missing and come in any order, and no other part may be empty. Takes time in proportion to the URI.
     */
    match(uri: string): Readonly<Record<string, string>> | undefined {
      const end = query.length > 0 && uri.includes("?") ? uri.indexOf("?") : uri.length;
      const values = addresses.exec(uri.slice(0, end))?.slice(1);
      if (!values) return undefined;
      const found = new Map(path.map((name, index) => [name, values[index]!]));
      const pairs = end < uri.length ? uri.slice(end + 1).split("&") : [];
      for (const pair of pairs) {
        const [name, value] = splitAt(pair, "=");
        if (!query.includes(name) || value === undefined || found.has(name)) return undefined;
        found.set(name, value);
      }
      return decode(found);
    },
  };
}

function splitAt(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(variables: ReadonlyMap<string, string>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      variables.entries().map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined; // not percent-encoded UTF-8
  }
}
