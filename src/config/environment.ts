import * as z from "zod";
import { DOMAIN } from "../net/domain.ts";
import { isLoopback } from "../net/loopback.ts";
import { endpointUrl, publicUrl } from "./public_url.ts";

const list = z.string()
  .transform((value): readonly string[] => value.split(",").map((item) => item.trim()).filter(Boolean));
const some = (words: string) => list.refine((values) => values.length > 0, words);
const flag = z.stringbool({ error: "write true or false" });

/** A `/`, `?` or `#` in a password ends the host, and what follows of the password would become part of a name. */
const databaseUrl = z.string().refine(
  (value) => /^postgres(ql)?:\/\/[^/?#]*[^#@]*$/.test(value) && URL.canParse(value),
  "write postgres://user:password@host/database, and percent-encode what is special in the password, such as / as %2F",
);

/** Every variable that is read, with the words for what is wrong with it. */
export const Environment = z.object({
  PORT: z.coerce.number("write a port number such as 8000").int().min(1).max(65_535).default(8000),
  HOST: z.string().optional(),
  AUTHORIZATION_SERVER_URL: some("name at least one issuer").pipe(z.array(publicUrl).readonly()).optional(),
  RESOURCE_SERVER_URL: endpointUrl.optional(),
  JWT_AUDIENCES: some("name at least one audience").optional(),
  MCP_ALLOWED_HOSTS: list.optional(),
  MCP_ALLOWED_ORIGINS: list.optional(),
  AUTH_CHALLENGE: z.enum(["auto", "http", "result"], "write auto, http or result").default("auto"),
  CHALLENGE_SCOPES: z.enum(["needed", "all"], "write needed or all").default("needed"),
  /** RFC 8693 section 4.2 has `scope`; Entra and Okta send `scp`. */
  SCOPE_CLAIMS: some("name at least one claim").default(["scope", "scp"]),
  SCOPE_PREFIX: z.string().optional(),
  TRUSTED_PROXIES: z.coerce.number("write how many proxies stand in front, 0 to 10").int().min(0).max(10)
    .default(0),
  REQUIRE_AUTH: flag.default(false),
  RATE_LIMIT_PER_MINUTE: z.coerce.number("write a number of calls").int().min(1).default(600),
  INTROSPECTION_URL: publicUrl.optional(),
  INTROSPECTION_CLIENT_ID: z.string().optional(),
  INTROSPECTION_CLIENT_SECRET: z.string().optional(),
  REQUEST_STATE_KEY: z.string().min(32, "write at least 32 characters, the same on every machine").optional(),
  TOKEN_EXCHANGE_URL: publicUrl.optional(),
  TOKEN_EXCHANGE_CLIENT_ID: z.string().optional(),
  TOKEN_EXCHANGE_CLIENT_SECRET: z.string().optional(),
  DATABASE_URL: databaseUrl.optional(),
  SQLITE_PATH: z.string().optional(),
  DEV_ACCESS_TOKEN_SECONDS: z.coerce.number("write a number of seconds").int().min(1).max(86_400).default(
    600,
  ),
  DEV_SIGNING_ALGORITHM: z.enum(["ES256", "RS256"], "write ES256 or RS256").default("ES256"),
  DEV_CLIENT_DOCUMENTS: flag.optional(),
  OPENAI_APPS_CHALLENGE: z.string().regex(
    /^[\x21-\x7e]{1,1000}$/,
    "copy the token as OpenAI shows it, without spaces",
  )
    .optional(),
  WIDGET_DOMAIN: z.string().regex(DOMAIN, "write an https origin such as https://apps.example.com")
    .optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warning", "error"], "write debug, info, warning or error").default(
    "info",
  ),
  LOG_FORMAT: z.enum(["pretty", "json"], "write pretty or json").optional(),
  LOG_CALLS: flag.default(false),
  /** Deno's own: it exports OpenTelemetry when this is true. */
  OTEL_DENO: flag.default(false),
});

/** Schemas of an app's own variables, by name. */
export type AppVariables = z.ZodRawShape;

/** The names of all variables that are read, the app's included: `deno.json` permits no other. */
export function variableNames(own: AppVariables = {}): string[] {
  return [...Object.keys(Environment.shape), ...Object.keys(own)];
}

/** Whether a variable's value may not be printed: its name says so, or it is a URL with a password in it. */
export function isSecret(name: string, value: string): boolean {
  return /(^DATABASE_URL|SECRET|PASSWORD|TOKEN|KEY|CREDENTIALS?)$/.test(name) || /\/\/[^/]*@/.test(value);
}

const INTROSPECTION = Object.keys(Environment.shape).filter((name) => name.startsWith("INTROSPECTION_"));
const TOKEN_EXCHANGE = ["TOKEN_EXCHANGE_CLIENT_ID", "TOKEN_EXCHANGE_CLIENT_SECRET"];

/** Facts about the machine that change defaults. */
export interface Machine {
  /** Where only production runs, and nothing is kept on disk unless told so, such as "on Deno Deploy". */
  readonly hosted?: string | undefined;
  readonly isTerminal: boolean;
}

/** Variables that have no good default under the circumstances. */
export function missingVariables(
  given: Readonly<Record<string, string | undefined>>,
  { hosted }: Machine,
): string[] {
  const issuers = given["AUTHORIZATION_SERVER_URL"];
  const problems: string[] = [];
  if (!issuers && hosted) {
    problems.push(
      `AUTHORIZATION_SERVER_URL is not set: the development authorization server does not run ${hosted}. ` +
        "Set it to the issuer of yours, such as https://your-tenant.auth0.com/",
    );
  }
  const remote = issuers?.split(",").map((issuer) => issuer.trim()).some((issuer) =>
    URL.canParse(issuer) && !isLoopback(new URL(issuer).hostname)
  );
  if (!given["RESOURCE_SERVER_URL"] && (remote || hosted)) {
    problems.push(
      "RESOURCE_SERVER_URL is not set: tokens have to name this server by a public URL. " +
        "Set it to the MCP endpoint's, such as https://mcp.example.com/mcp",
    );
  }
  if (!issuers && given["INTROSPECTION_URL"]) {
    problems.push("AUTHORIZATION_SERVER_URL is not set: INTROSPECTION_URL belongs to an issuer. Name it");
  }
  const exchange = TOKEN_EXCHANGE.filter((name) => given[name]);
  const exchangeUrl = given["TOKEN_EXCHANGE_URL"] && "TOKEN_EXCHANGE_URL";
  if (exchange.length === 1 || (exchangeUrl && exchange.length === 0)) {
    const missing = TOKEN_EXCHANGE.filter((name) => !given[name]).join(" and ");
    problems.push(`${missing} must be set too: tokens are exchanged by a client with a secret`);
  }
  if (!issuers && (exchangeUrl || exchange.length > 0)) {
    problems.push(
      `AUTHORIZATION_SERVER_URL is not set: ${exchangeUrl ?? exchange[0]} belongs to an issuer. Name it`,
    );
  }
  const absent = INTROSPECTION.filter((name) => !given[name]);
  if (absent.length > 0 && absent.length < INTROSPECTION.length) {
    problems.push(
      `${absent.join(" and ")} must be set too: the three INTROSPECTION_ variables belong together`,
    );
  }
  return problems;
}
