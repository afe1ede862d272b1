import { type Check, type Finding, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";
import { counted, isObject, type JsonObject, listOf, objectOf, parseJson, quote } from "../json.ts";
import { schemesOf, type Visit } from "../visit.ts";

/** Every tool that does not pass, in one finding. */
function each(
  tools: readonly JsonObject[],
  fault: (tool: JsonObject) => string | undefined,
  make: (seen: string) => Finding,
): Finding {
  const faults = tools.flatMap((tool) => {
    const text = fault(tool);
    return text === undefined ? [] : [`${String(tool["name"])}: ${text}`];
  });
  return faults.length === 0 ? ok(counted(tools.length, "tool")) : make(faults.join("; "));
}

/** Lists, and what each tool says about itself. */
export const tools: readonly Check<Visit>[] = [
  {
    id: "tools.list",
    title: "tools/list without a token",
    expected: "the tools: hosts look at them before anybody signs in",
    requirements: ["TOOL-01", "MIX-01"],
    async run({ toolsAnswer }) {
      const { status, result, error } = await toolsAnswer();
      if (!result) {
        const fix = "Let lists through when some tool works without sign-in; protect the calls instead.";
        if (status === 401) return warning("401", fix);
        return problem(`${status} ${quote(error?.["message"])}`, "Answer tools/list.");
      }
      const count = listOf(result["tools"]).length;
      return count > 0 ? ok(counted(count, "tool")) : warning("no tools", "Register at least one tool.");
    },
  },
  {
    id: "tools.stable",
    title: "The list, asked twice",
    expected: "the same bytes",
    requirements: ["TOOL-03"],
    async run({ toolsAnswer, ask }) {
      const first = (await toolsAnswer()).result;
      if (!first) throw new NotExamined("The tools cannot be listed without a token.");
      const second = (await ask("tools/list")).result;
      return JSON.stringify(first) === JSON.stringify(second) ? ok("the same") : warning(
        "different",
        "List tools in one order, and nothing in them that changes: hosts cache by content.",
      );
    },
  },
  {
    id: "tools.names",
    title: "Names of tools",
    expected: "unique, 1 to 64 of A-Z a-z 0-9 _ - .",
    requirements: ["TOOL-04"],
    async run({ tools }) {
      const all = await tools();
      const names = all.map(({ name }) => name);
      return each(all, ({ name }) => {
        if (typeof name !== "string" || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return "unfit name";
        return names.indexOf(name) !== names.lastIndexOf(name) ? "twice" : undefined;
      }, (seen) => problem(seen, "Rename it: Claude takes no other names."));
    },
  },
  {
    id: "tools.annotations",
    title: "Titles and hints",
    expected: "a title, and readOnlyHint, destructiveHint and openWorldHint as true or false",
    requirements: ["TOOL-11"],
    async run({ tools }) {
      return each(await tools(), (tool) => {
        const annotations = objectOf(tool["annotations"]);
        const missing = [
          ...(tool["title"] || annotations["title"] ? [] : ["title"]),
          ...["readOnlyHint", "destructiveHint", "openWorldHint"].filter((hint) =>
            typeof annotations[hint] !== "boolean"
          ),
        ];
        return missing.length === 0 ? undefined : `no ${missing.join(", ")}`;
      }, (seen) => warning(seen, "Declare them: hosts ask people for confirmation by these."));
    },
  },
  {
    id: "tools.input-schema",
    title: "Input schemas",
    expected: 'type "object", and no $ref that leads to the network',
    requirements: ["TOOL-05", "BASE-17"],
    async run({ tools }) {
      return each(await tools(), (tool) => {
        const schema = tool["inputSchema"];
        if (!isObject(schema) || schema["type"] !== "object") return 'not of type "object"';
        return remoteRef(schema) ?? remoteRef(tool["outputSchema"]);
      }, (seen) => problem(seen, "Give every tool a schema that stands on its own."));
    },
  },
  {
    id: "tools.output-schema",
    title: "Output schemas",
    expected: "one on every tool",
    requirements: ["OAI-16"],
    async run({ tools }) {
      return each(
        await tools(),
        (tool) => isObject(tool["outputSchema"]) ? undefined : "none",
        (seen) => warning(seen, "Declare outputSchema, so that hosts and models know what comes back."),
      );
    },
  },
  {
    id: "tools.security-schemes",
    title: "securitySchemes",
    expected: "noauth, oauth2 or both on every tool, the same in _meta",
    requirements: ["OAI-01", "OAI-02"],
    async run({ tools, hasSignIn }) {
      await hasSignIn();
      const all = await tools();
      const missing = each(
        all,
        (tool) => schemesOf(tool) === undefined ? "none" : undefined,
        (seen) => warning(seen, "Declare them: ChatGPT decides by these when to offer sign-in."),
      );
      if (missing.verdict !== "ok") return missing;
      return each(all, (tool) => {
        const schemes = schemesOf(tool);
        const types = listOf(schemes).map((scheme) => objectOf(scheme)["type"]);
        if (types.length === 0 || types.some((type) => type !== "noauth" && type !== "oauth2")) {
          return quote(schemes);
        }
        if (tool["securitySchemes"] === undefined) return "only in _meta";
        const mirror = objectOf(tool["_meta"])["securitySchemes"];
        return mirror === undefined || JSON.stringify(mirror) === JSON.stringify(schemes)
          ? undefined
          : "different in _meta";
      }, (seen) => warning(seen, "Write the list as a member of the tool, and the same list in _meta."));
    },
  },
  {
    id: "tools.unknown",
    title: "A tool that does not exist",
    expected: "the JSON-RPC error -32602",
    requirements: ["TOOL-08"],
    async run({ ask }) {
      const { status, result, error } = await ask("tools/call", { name: "no_such_tool", arguments: {} });
      if (status === 401 || status === 403) return unknown(String(status));
      if (error?.["code"] === -32602) return ok("-32602");
      if (status >= 500) return problem(String(status), "It is the caller's mistake: not 5xx.");
      const seen = result ? `a result${result["isError"] ? " with isError" : ""}` : quote(error?.["code"]);
      return problem(seen, "Answer with the error -32602, not with a result.");
    },
  },
  {
    id: "tools.result",
    title: "A result of an open tool",
    expected: "content in words; structuredContent with an outputSchema, and repeated in a text block",
    requirements: ["TOOL-06", "TOOL-07", "UI-07"],
    async run({ openTool, openAnswer, tools }) {
      const name = await openTool();
      const { status, result, error } = await openAnswer();
      if (!result) return problem(`${name}: ${status} ${quote(error?.["message"])}`, "Answer the call.");
      const content = listOf(result["content"]).map(objectOf);
      const structured = result["structuredContent"];
      if (content.length === 0) return problem(`${name}: no content`, "Say the result in words, too.");
      if (result["isError"] === true) return unknown(`${name}: ${quote(content[0]?.["text"])}`);
      const tool = (await tools()).find((tool) => tool["name"] === name);
      if (isObject(tool?.["outputSchema"]) && !isObject(structured)) {
        return problem(
          `${name}: no structuredContent`,
          "A tool with an outputSchema returns what it describes.",
        );
      }
      if (structured === undefined) return ok(name);
      const json = JSON.stringify(structured);
      const repeated = content.some(({ text }) =>
        typeof text === "string" && JSON.stringify(parseJson(text)) === json
      );
      return repeated ? ok(name) : warning(
        `${name}: structuredContent in no text block`,
        "Add it as JSON in a text block, for clients that know only content.",
      );
    },
  },
  {
    id: "tools.unknown-resource",
    title: "A resource that does not exist",
    expected: "the JSON-RPC error -32602 or -32002, never an empty result",
    requirements: ["RES-02", "RES-03"],
    async run({ opening, discovery, ask }) {
      const opened = (await opening()).answer.result ?? (await discovery()).result;
      if (!objectOf(opened?.["capabilities"])["resources"]) {
        throw new NotExamined("The server has no resources.");
      }
      const { status, result, error } = await ask("resources/read", { uri: "ui://widget/no-such-page.html" });
      if (status === 401) return unknown("401");
      if (result) return problem("a result", "Answer with the error -32602.");
      if (status >= 500) return problem(String(status), "It is the caller's mistake: not 5xx.");
      const code = error?.["code"];
      return code === -32602 || code === -32002
        ? ok(String(code))
        : problem(quote(code), "Answer with the error -32602.");
    },
  },
];

function remoteRef(schema: unknown): string | undefined {
  const found = /"\$ref":"([^#"][^"]*)"/.exec(JSON.stringify(schema ?? null))?.[1];
  return found === undefined ? undefined : `$ref ${found}`;
}
