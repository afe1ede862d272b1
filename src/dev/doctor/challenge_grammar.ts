/** One challenge of a `WWW-Authenticate` header. */
export interface ParsedChallenge {
  /** As written; schemes compare in any case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly params: Readonly<Record<string, string>>;
}

/** A header that is not what RFC 9110 allows; the message shows where. */
export class ChallengeSyntaxError extends Error {
  override readonly name = "ChallengeSyntaxError";
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const SCHEME = new RegExp(`^${TOKEN}(?= |,|$)`);
const TOKEN68 = /^ +[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/;
const PARAM = new RegExp(`^(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))`);
/** Quoted text: tab, visible ASCII, space, and bytes above ASCII that arrive as Latin-1 (RFC 9110 section 5.6.4). */
const QUOTED_TEXT = /^[\t \x21-\x7e\x80-\xff]*$/;
/** Characters of the rest that a message quotes. */
const MAX_SHOWN = 60;

/**
 * Reads a list of challenges as strictly as RFC 9110 section 11.6.1 is written: schemes and parameters separated by
 * commas, each parameter once.
 *
 * @throws ChallengeSyntaxError
 */
export function parseChallenges(value: string): ParsedChallenge[] {
  const challenges: ParsedChallenge[] = [];
  let rest = skipCommas(value);
  while (rest !== "") {
    const [scheme] = SCHEME.exec(rest) ?? [];
    if (scheme === undefined) throw syntaxError("a scheme", rest);
    rest = rest.slice(scheme.length);
    const [token68] = TOKEN68.exec(rest) ?? [];
    if (token68 !== undefined) {
      challenges.push({ scheme, params: {} });
      rest = endOfElement(rest.slice(token68.length));
      continue;
    }
    const params: Record<string, string> = {};
    rest = rest.trimStart();
    while (rest !== "" && PARAM.test(rest)) {
      const [written = "", name = "", quoted, token = ""] = PARAM.exec(rest)!;
      const key = name.toLowerCase();
      if (Object.hasOwn(params, key)) throw new ChallengeSyntaxError(`${key} stands twice in one challenge`);
      if (quoted !== undefined && !QUOTED_TEXT.test(quoted)) throw syntaxError("printable text", rest);
      params[key] = quoted === undefined ? token : quoted.replaceAll(/\\(.)/g, "$1");
      rest = endOfElement(rest.slice(written.length));
    }
    challenges.push({ scheme, params });
    if (Object.keys(params).length === 0) rest = endOfElement(rest);
  }
  return challenges;
}

/** The first challenge for bearer tokens, or undefined. @throws ChallengeSyntaxError */
export function bearerChallenge(value: string): ParsedChallenge | undefined {
  return parseChallenges(value).find(({ scheme }) => scheme.toLowerCase() === "bearer");
}

/** What RFC 6750 section 3 forbids in the values of a bearer challenge, or undefined. */
export function unfitForBearer({ params }: ParsedChallenge): string | undefined {
  for (const name of ["error", "error_description", "error_uri", "scope"]) {
    const value = params[name];
    if (value === undefined) continue;
    if (value === "") return `${name} is empty`;
    if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(value)) {
      return `${name} has characters other than printable ASCII without " and \\`;
    }
  }
  return undefined;
}

/** After an element comes a comma or the end. */
function endOfElement(rest: string): string {
  const after = rest.replace(/^[ \t]+/, "");
  if (after !== "" && !after.startsWith(",")) throw syntaxError("a comma", after);
  return skipCommas(after);
}

/** Empty elements of a list are to be ignored (RFC 9110 section 5.6.1.2). */
function skipCommas(rest: string): string {
  return rest.replace(/^[ \t,]+/, "");
}

function syntaxError(expected: string, rest: string): ChallengeSyntaxError {
  return new ChallengeSyntaxError(`${expected} was expected at: ${rest.slice(0, MAX_SHOWN)}`);
}
