import { isLoopback } from "../../../net/loopback.ts";
import { type Check, type Finding, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";
import { isObject, type JsonObject, objectOf, quote } from "../json.ts";
import type { Visit } from "../visit.ts";
import { domainOf, policyOf } from "./widgets.ts";

const HINTS = ["readOnlyHint", "destructiveHint", "openWorldHint"] as const;
/** Names of members that tell of the server's inside rather than of the matter. */
const TELEMETRY =
  /^(trace|span|request|session|correlation|debug|internal|log)[_-]?(ids?)?$|^(traceparent|telemetry|elapsed|duration)([_-]?ms)?$/i;

function faultsOf(tools: readonly JsonObject[], fault: (tool: JsonObject) => string | undefined): string[] {
  return tools.flatMap((tool) => {
    const text = fault(tool);
    return text === undefined ? [] : [`${String(tool["name"])}: ${text}`];
  });
}

const listed = (faults: readonly string[], words: string): Finding =>
  faults.length === 0 ? ok("all tools") : problem(faults.join("; "), words);

/** A URL that the server shows, and whether anything is there. */
async function page({ send }: Visit, url: unknown, words: string): Promise<Finding> {
  if (typeof url !== "string" || !URL.canParse(url)) return warning("The server names none.", words);
  if (new URL(url).protocol !== "https:") return problem(quote(url), words);
  const { status } = await send(url);
  return status < 400 ? ok(url) : problem(`${url} → ${status}`, words);
}

/**
 * What the directories of OpenAI and Claude are known to ask. Their own pages could not be read here: this is what
 * people who have submitted apps report, and it may have changed.
 */
export const review: readonly Check<Visit>[] = [
  {
    id: "review.public",
    title: "OpenAI, Claude: a public server",
    expected: "an https URL that is there for everyone",
    requirements: ["OAI-20"],
    run({ url }) {
      const { protocol, hostname } = new URL(url);
      if (protocol === "https:" && !isLoopback(hostname)) return ok(url);
      return problem(
        url,
        "The server must be hosted on a publicly accessible https domain, not a local or test one.",
      );
    },
  },
  {
    id: "review.ownership",
    title: "OpenAI: domain verification",
    expected: "the token of the submission form, alone and as text/plain, or 404 while there is none",
    requirements: [],
    async run({ send, origin }) {
      const url = `${origin}/.well-known/openai-apps-challenge`;
      const { status, headers, text } = await send(url);
      if (status === 404) {
        return unknown("404", "Before you submit: set OPENAI_APPS_CHALLENGE to the token of the form.");
      }
      const type = headers.get("content-type") ?? "none";
      if (status === 200 && type.startsWith("text/plain") && /^\S+$/.test(text)) {
        return headers.get("cache-control")?.includes("no-store")
          ? ok("a token")
          : warning("a token that may be cached", "Send Cache-Control: no-store: the token may change.");
      }
      return problem(`${status} ${type}`, "Serve the exact token as text/plain, and nothing else.");
    },
  },
  {
    id: "review.hints",
    title: "OpenAI: annotations",
    expected: "readOnlyHint, destructiveHint and openWorldHint on every tool, true to what it does",
    requirements: ["TOOL-11"],
    async run({ tools }) {
      const all = await tools();
      const finding = listed(
        faultsOf(all, (tool) => {
          const annotations = objectOf(tool["annotations"]);
          const missing = HINTS.filter((hint) => typeof annotations[hint] !== "boolean");
          if (missing.length > 0) return `no ${missing.join(", ")}`;
          return annotations["readOnlyHint"] === true && annotations["destructiveHint"] === true
            ? "reads only and destroys"
            : undefined;
        }),
        "All three annotations must be set explicitly and match the behaviour of the tool.",
      );
      const why = unknown(
        "Why each hint is as it is cannot be seen from outside.",
        "The form asks for a justification of each annotation: have a sentence ready for every hint of every tool. " +
          "A write that reaches other systems is open world.",
      );
      return [finding, why];
    },
  },
  {
    id: "review.titles",
    title: "Claude: titles and hints",
    expected: "a title, and readOnlyHint or destructiveHint as true, on every tool",
    requirements: ["TOOL-11"],
    async run({ tools }) {
      return listed(
        faultsOf(await tools(), (tool) => {
          const annotations = objectOf(tool["annotations"]);
          const titled = Boolean(tool["title"] || annotations["title"]);
          const hinted = annotations["readOnlyHint"] === true ||
            typeof annotations["destructiveHint"] === "boolean";
          return titled && hinted
            ? undefined
            : [!titled && "no title", !hinted && "no hint"].filter(Boolean).join(", ");
        }),
        "Every tool needs a title and an applicable readOnlyHint or destructiveHint; reading and writing are separate tools.",
      );
    },
  },
  {
    id: "review.names",
    title: "Claude: names of tools",
    expected: "at most 64 characters",
    requirements: ["TOOL-04"],
    async run({ tools }) {
      return listed(
        faultsOf(
          await tools(),
          ({ name }) => String(name).length > 64 ? `${String(name).length}` : undefined,
        ),
        "Tool names must not exceed 64 characters.",
      );
    },
  },
  {
    id: "review.output-schema",
    title: "OpenAI: output schemas",
    expected: "outputSchema on every tool",
    requirements: ["OAI-16"],
    async run({ tools }) {
      return listed(
        faultsOf(await tools(), (tool) => isObject(tool["outputSchema"]) ? undefined : "none"),
        "Declare an outputSchema for every tool that returns structured content.",
      );
    },
  },
  {
    id: "review.csp",
    title: "OpenAI: exact content security policy",
    expected: "_meta.ui.csp and openai/widgetCSP on every page, without wildcards",
    requirements: ["OAI-11", "UI-09"],
    async run({ widgets }) {
      const faults = (await widgets()).flatMap(({ uri, content }) => {
        const policy = policyOf(content);
        const alias = objectOf(content["_meta"])["openai/widgetCSP"];
        if (!policy) return [`${uri}: no _meta.ui.csp`];
        if (!isObject(alias)) return [`${uri}: no openai/widgetCSP`];
        const wide = Object.values(policy).flat().filter((entry) => entry.includes("*"));
        return wide.length > 0 ? [`${uri}: ${wide.join(", ")}`] : [];
      });
      return faults.length === 0 ? ok("exact") : problem(
        faults.join("; "),
        "Define a CSP that allows the exact domains that the app fetches from, in both spellings.",
      );
    },
  },
  {
    id: "review.domain",
    title: "OpenAI: domain of widgets",
    expected: "_meta.ui.domain on every page, unique to the app",
    requirements: ["OAI-12"],
    async run({ widgets }) {
      const missing = (await widgets()).filter(({ content }) => domainOf(content) === undefined);
      return missing.length === 0 ? ok("set") : problem(
        missing.map(({ uri }) => uri).join(", "),
        "A dedicated domain is required for apps with UI: set _meta.ui.domain. With this core: WIDGET_DOMAIN.",
      );
    },
  },
  {
    id: "review.telemetry",
    title: "OpenAI: data minimisation",
    expected: "no telemetry, session or trace ids in results",
    requirements: ["OAI-17"],
    async run({ openTool, openAnswer }) {
      const name = await openTool();
      const { result } = await openAnswer();
      const found = membersOf(result?.["structuredContent"]).filter((member) => TELEMETRY.test(member));
      return found.length === 0 ? ok(`${name}; look at the results of the other tools, too`) : problem(
        `${name}: ${found.join(", ")}`,
        "Tool responses must not include internal identifiers, timestamps or telemetry that the request does not need.",
      );
    },
  },
  {
    id: "review.looks",
    title: "Claude: how widgets look",
    expected:
      "inline at most 500 px high, touch targets of 44 pt or more, no scrolling inside, transparent background",
    requirements: [],
    async run({ widgets }) {
      await widgets();
      return unknown(
        "Not to be seen without a browser.",
        "Inline UI must not exceed 500 px in height, must not scroll by itself, and must have touch targets of at least 44 pt.",
      );
    },
  },
  {
    id: "review.website",
    title: "OpenAI: website",
    expected: "serverInfo.websiteUrl, a page of the publisher",
    requirements: [],
    async run(visit) {
      const { result } = (await visit.opening()).answer;
      const { websiteUrl } = objectOf(result?.["serverInfo"]);
      return await page(
        visit,
        websiteUrl,
        "A website URL is required, and must fit the publisher's name. With this core: publisher.website of defineApp.",
      );
    },
  },
  ...([
    [
      "privacy",
      "privacy policy",
      "resource_policy_uri",
      "A privacy policy is required: what is collected, for what, who receives it, and how people have it deleted.",
    ],
    [
      "terms",
      "terms of service",
      "resource_tos_uri",
      "A URL of the terms of service is required.",
    ],
    [
      "support",
      "support",
      "resource_documentation",
      "A support contact that customers can reach is required.",
    ],
  ] as const).map(([name, title, member, words]): Check<Visit> => ({
    id: `review.${name}`,
    title: `OpenAI, Claude: ${title}`,
    expected: `${member} in the protected resource metadata, and a page there`,
    requirements: ["PRM-10"],
    async run(visit) {
      return await page(
        visit,
        (await visit.metadata()).document?.[member],
        `${words} With this core: publisher.${name} of defineApp.`,
      );
    },
  })),
  {
    id: "review.callback",
    title: "Claude: sign-in",
    expected: "client ID metadata documents or dynamic registration, with claude.ai/api/mcp/auth_callback",
    requirements: ["AS-04"],
    async run({ issuers, hasSignIn }) {
      await hasSignIn();
      if ((await issuers()).length === 0) throw new NotExamined("The server names no authorization server.");
      return unknown(
        "Whether the redirect URI is allowed cannot be seen from outside; issuer.registration says how clients get known.",
        "Allow https://claude.ai/api/mcp/auth_callback and https://chatgpt.com/connector_platform_oauth_redirect.",
      );
    },
  },
  {
    id: "review.account",
    title: "OpenAI, Claude: an account for the reviewer",
    expected: "user name and password of an account with data in it, without a second factor",
    requirements: [],
    async run({ hasSignIn }) {
      await hasSignIn();
      return unknown(
        "Not to be seen from outside.",
        "Provide a demo account with sample data that needs no further sign-up, second factor or invitation.",
      );
    },
  },
  {
    id: "review.cases",
    title: "OpenAI, Claude: test cases",
    expected: "five positive and three negative cases for OpenAI, three examples for Claude",
    requirements: [],
    run() {
      return unknown(
        "Not to be seen from outside.",
        "Describe at least five prompts that should use the app and three that should not, each with what is expected. " +
          "Trial and demo apps are not accepted.",
      );
    },
  },
];

/** Names of all members of a value, at any depth. */
function membersOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...membersOf(inner)]);
}
