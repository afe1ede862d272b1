import { examine, problem, type Result, unknown } from "./check.ts";
import { access } from "./checks/access.ts";
import { auth0, isAuth0 } from "./checks/auth0.ts";
import { authorizationServer, createIssuerVisit, keysOf } from "./checks/authorization_server.ts";
import { configuration, type ExaminedConfig } from "./checks/configuration.ts";
import { eras } from "./checks/eras.ts";
import { guard } from "./checks/guard.ts";
import { metadata } from "./checks/metadata.ts";
import { review } from "./checks/review.ts";
import { tools } from "./checks/tools.ts";
import { transport } from "./checks/transport.ts";
import { widgets } from "./checks/widgets.ts";
import { stringsOf } from "./json.ts";
import { asJson, asText, hasProblem, type Report } from "./print.ts";
import { createSend } from "./send.ts";
import { tokenChecks, type TokenContext } from "./token.ts";
import { createVisit, type Visit } from "./visit.ts";

/** Why the configuration cannot be read, a sentence each, and what to do about them if not to change a variable. */
export interface ConfigFaults {
  readonly problems: readonly string[];
  readonly fix?: string;
}

/** What the doctor uses of the world outside. */
export interface DoctorDeps {
  /** Must let the header Host be set, or the check of it is worth nothing. */
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly print: (text: string) => void;
  /** Reads a token from standard input. */
  readonly readToken: () => Promise<string>;
  /** The configuration here, or a list of what is wrong with it. */
  readonly readConfig: () => ExaminedConfig | ConfigFaults;
  /** Connects to a Postgres database and asks it for nothing. @throws Error when that fails. */
  readonly askDatabase: (url: string) => Promise<void>;
}

const SERVER_CHECKS = [
  ...transport,
  ...eras,
  ...tools,
  ...guard,
  ...metadata,
  ...access,
  ...widgets,
];

const USAGE = `deno task doctor                         the configuration here
deno task doctor https://host/mcp        a running server, from outside
  --review    also what the directories of OpenAI and Claude are known to ask (with a URL)
  --token -   also explains the access token on standard input; it is sent nowhere
  --json      for programs
Exit code: 0 without problems, 1 with some, 2 when the question was not understood.`;

interface Question {
  readonly url: string | undefined;
  readonly json: boolean;
  readonly review: boolean;
  readonly token: string | undefined;
}

/**
 * Runs the doctor. Nothing at an examined server is changed: it lists, reads, and calls only tools that say they read
 * only, the protected ones without a token that is worth anything.
 *
 * @returns The exit code.
 */
export async function runDoctor(args: readonly string[], deps: DoctorDeps): Promise<0 | 1 | 2> {
  const question = parse(args);
  if (typeof question === "string") {
    deps.print(`${question}\n\n${USAGE}`);
    return 2;
  }
  const report = question.url === undefined
    ? await examineConfiguration(question, deps)
    : await examineServer(question.url, question, deps);
  deps.print(question.json ? asJson(report) : asText(report));
  return hasProblem(report) ? 1 : 0;
}

function parse(args: readonly string[]): Question | string {
  let [url, token]: (string | undefined)[] = [];
  const flags = new Set<string>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--token") {
      token = args[++index];
      if (token === undefined) return "--token needs a token, or - to read it from standard input.";
    } else if (arg === "--json" || arg === "--review") flags.add(arg);
    else if (arg.startsWith("-")) return `There is no ${arg}.`;
    else if (url !== undefined) return "Name one URL.";
    else url = arg;
  }
  if (url !== undefined && !/^https?:\/\/[^?#@]+$/.test(url)) {
    return `${url} is not the URL of an MCP endpoint: write one such as https://mcp.example.com/mcp`;
  }
  if (url !== undefined && !URL.canParse(url)) return `${url} is not a URL.`;
  if (flags.has("--review") && url === undefined) return "--review needs the URL of the server.";
  return { url, token, json: flags.has("--json"), review: flags.has("--review") };
}

async function examineServer(
  url: string,
  { review: forReview, token }: Question,
  deps: DoctorDeps,
): Promise<Report> {
  const visit = createVisit({ url, ...deps });
  const reached = await visit.opening().then(() => undefined, (error) => String(error.message));
  if (reached !== undefined) {
    return { target: url, results: [unreachable(reached)] };
  }
  const results = [
    ...await examine(SERVER_CHECKS, visit),
    ...await examineIssuers(await visit.issuers().catch(() => []), url, deps),
    ...(forReview ? await examine(review, visit) : []),
    ...(token === undefined ? [] : await explain(token, await expectations(visit), deps)),
  ];
  await visit.end();
  return { target: url, results };
}

function unreachable(reason: string): Result {
  return {
    ...{ id: "transport.reachable", title: "Reachable", expected: "an answer", requirements: ["TRN-01"] },
    ...problem(reason, "Check the URL, the port, and that the server runs."),
  };
}

async function examineIssuers(
  issuers: readonly string[],
  resource: string,
  { fetch, now }: DoctorDeps,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const issuer of issuers) {
    const visit = createIssuerVisit({ issuer, send: createSend(fetch), now });
    const document = await visit.metadata().then(({ document }) => document, () => ({}));
    // Without metadata every other question has the same answer.
    const found = Object.keys(document).length > 0;
    results.push(...await examine(found ? authorizationServer : authorizationServer.slice(0, 1), visit));
    if (found && await isAuth0(visit)) results.push(...await examine(auth0, { visit, resource }));
  }
  return results;
}

async function examineConfiguration({ token }: Question, deps: DoctorDeps): Promise<Report> {
  const config = deps.readConfig();
  const target = "the configuration here";
  if ("problems" in config) {
    const { problems, fix = "Change the variable, in .env or wherever it is set." } = config;
    const results = problems.map((text): Result => ({
      ...{ id: "config.valid", title: "Environment", requirements: [] },
      expected: "variables that can be read",
      ...problem(text, fix),
    }));
    return { target, results };
  }
  const { issuers, resource, audiences, development } = config;
  const results = await examine(configuration, { ...deps, config });
  if (development) {
    results.push({
      ...{
        id: "issuer.metadata",
        title: "Authorization server",
        expected: "metadata",
        requirements: ["AS-01"],
      },
      ...unknown("It runs with the server.", `While that runs: deno task doctor ${resource}`),
    });
  } else results.push(...await examineIssuers(issuers, resource, deps));
  if (token !== undefined) results.push(...await explain(token, { issuers, audiences, scopes: [] }, deps));
  return { target, results };
}

/** What a server's metadata says its tokens must be. */
async function expectations(visit: Visit): Promise<Omit<TokenContext, "token" | "keys" | "now">> {
  const { document } = await visit.metadata();
  return {
    audiences: [visit.url],
    issuers: document ? await visit.issuers() : undefined,
    scopes: stringsOf(document?.["scopes_supported"]),
  };
}

async function explain(
  given: string,
  expected: Omit<TokenContext, "token" | "keys" | "now">,
  { readToken, fetch, now }: DoctorDeps,
): Promise<Result[]> {
  const token = (given === "-" ? await readToken() : given).trim().replace(/^bearer +/i, "");
  const keys = (issuer: string) => keysOf(createIssuerVisit({ issuer, send: createSend(fetch), now }));
  const { checks, context } = tokenChecks({ ...expected, token, keys, now });
  return await examine(checks, context);
}
