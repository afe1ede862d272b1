import { isLoopback } from "../../../net/loopback.ts";
import { describeOutcome, fetchJson } from "../../../net/fetch_json.ts";
import { type Check, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";

/** What the doctor looks at of a configuration that could be read. */
export interface ExaminedConfig {
  readonly hostname: string;
  readonly resource: string;
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  readonly development: object | undefined;
  readonly introspection:
    | { readonly url: string; readonly clientId: string; readonly clientSecret: string }
    | undefined;
  readonly databaseUrl: string | undefined;
  readonly sqlitePath: string | undefined;
}

/** A configuration here, and the ways to try it. */
export interface ConfigurationContext {
  readonly config: ExaminedConfig;
  readonly fetch: typeof globalThis.fetch;
  /** Connects to a Postgres database and asks it for nothing. @throws Error when that fails. */
  readonly askDatabase: (url: string) => Promise<void>;
}

/** The environment of this machine, as far as it can be tried without the app. */
export const configuration: readonly Check<ConfigurationContext>[] = [
  {
    id: "config.mode",
    title: "Authorization server",
    expected: "your own in production; without one, the development one runs",
    requirements: ["AS-13"],
    run({ config: { development, issuers, resource } }) {
      if (!development) return ok(issuers.join(", "));
      if (isLoopback(new URL(resource).hostname)) return ok("the development one, on this machine");
      return warning(
        "the development one, in public",
        "Set AUTHORIZATION_SERVER_URL before real people come: this one signs in whoever knows the passcode.",
      );
    },
  },
  {
    id: "config.resource",
    title: "RESOURCE_SERVER_URL",
    expected: "the URL that people enter in their host",
    requirements: ["PRM-05", "OAI-20"],
    run({ config: { resource, hostname } }) {
      const isLocal = isLoopback(new URL(resource).hostname);
      if (!isLocal && isLoopback(hostname)) {
        return ok(`${resource}, which a proxy or tunnel on this machine must pass on to ${hostname}`);
      }
      if (isLocal && !isLoopback(hostname)) {
        return warning(
          resource,
          "The server listens for others: set RESOURCE_SERVER_URL to what they call it.",
        );
      }
      return ok(resource);
    },
  },
  {
    id: "config.audience",
    title: "JWT_AUDIENCES",
    expected: "the URL of the endpoint among them: hosts ask for tokens by it",
    requirements: ["AUTH-04", "OAI-04"],
    run({ config: { audiences, resource } }) {
      return audiences.includes(resource) ? ok(audiences.join(", ")) : warning(
        audiences.join(", "),
        `Add ${resource}, unless the authorization server puts another name for this resource into its tokens.`,
      );
    },
  },
  {
    id: "config.introspection",
    title: "Introspection",
    expected: "an answer that a token which does not exist is not active",
    requirements: ["AUTH-01"],
    async run({ config: { introspection }, fetch }) {
      if (!introspection) throw new NotExamined("INTROSPECTION_URL is not set: JWTs only.");
      const { url, clientId, clientSecret } = introspection;
      const authorization = `Basic ${btoa([clientId, clientSecret].map(encodeURIComponent).join(":"))}`;
      const outcome = await fetchJson(url, fetch, {
        method: "POST",
        headers: { accept: "application/json", authorization },
        body: new URLSearchParams({ token: "this-is-not-a-token", token_type_hint: "access_token" }),
      });
      if (outcome.kind === "json") {
        return outcome.value["active"] === false
          ? ok("not active")
          : problem("no active: false", "Check that INTROSPECTION_URL is an endpoint of RFC 7662.");
      }
      const seen = describeOutcome(outcome);
      return outcome.kind === "status" && [400, 401, 403].includes(outcome.status)
        ? problem(seen, "Check INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET.")
        : problem(seen, "Check INTROSPECTION_URL and that the server runs.");
    },
  },
  {
    id: "config.database",
    title: "Database",
    expected: "reachable with these credentials, or a file in the folder data",
    requirements: [],
    async run({ config: { databaseUrl, sqlitePath }, askDatabase }) {
      if (databaseUrl === undefined) {
        if (sqlitePath === undefined) {
          return warning("none", "Set DATABASE_URL: nothing outlives the process.");
        }
        if (sqlitePath === ":memory:" || /^(\.\/)?data\//.test(sqlitePath)) return ok(sqlitePath);
        return unknown(
          sqlitePath,
          "Tasks may only use the folder data: move it there, or give main.ts more.",
        );
      }
      const host = URL.parse(databaseUrl)?.host ?? "";
      try {
        await askDatabase(databaseUrl);
        return ok(`Postgres at ${host}`);
      } catch (error) {
        // Only the code: messages of the driver can hold names of people and databases.
        const code = error instanceof Error && "code" in error ? String(error.code) : "no connection";
        return problem(`Postgres at ${host}: ${code}`, "Check DATABASE_URL and that the database runs.");
      }
    },
  },
];
