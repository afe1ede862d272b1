import * as z from "zod";
import { type AppVariables, Environment, isSecret, type Machine, missingVariables } from "./environment.ts";
import { isLoopback } from "../net/loopback.ts";

/** Everything that can be configured, checked and frozen. */
export interface Config {
  readonly port: number;
  readonly hostname: string;
  /** Issuers of accepted tokens; the first is the one that hosts should prefer. */
  readonly issuers: readonly string[];
  /** Set when the development authorization server is the issuer. */
  readonly development: DevelopmentConfig | undefined;
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  readonly audiences: readonly string[];
  /** Asked about opaque tokens (RFC 7662). */
  readonly introspection: Client & { readonly url: string } | undefined;
  /** As whom tokens are exchanged at the first issuer (RFC 8693); without `url`, at the endpoint in its metadata. */
  readonly tokenExchange: Client & { readonly url?: string | undefined } | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Only this machine can reach the server. */
  readonly loopback: boolean;
  readonly challengeMode: "auto" | "http" | "result";
  /** What a challenge for a missing token asks for: the scopes of the call, or all. */
  readonly challengeScopes: "needed" | "all";
  /** Claims of a token that hold scopes. */
  readonly scopeClaims: readonly string[];
  /** What tokens leave out of the names of scopes. */
  readonly scopePrefix: string | undefined;
  /** How many proxies of ours every request passes. */
  readonly trustedProxies: number;
  readonly requireAuth: boolean;
  /** Calls a caller may make in a minute. */
  readonly rateLimitPerMinute: number;
  /** Seals the questions that tools put to people: the same on every machine, made up if undefined. */
  readonly requestStateKey: string | undefined;
  /** A Postgres database; it holds a password, so it is never printed. */
  readonly databaseUrl: string | undefined;
  /** The embedded database; without one nothing outlives the process. */
  readonly sqlitePath: string | undefined;
  /** What OpenAI looks for at this origin to see that its owner publishes the app. */
  readonly openaiAppsChallenge: string | undefined;
  /** Where hosts are asked to show widgets that name no domain of their own. */
  readonly widgetDomain: string | undefined;
  /** The app's own variables. */
  readonly appEnv: Readonly<Record<string, unknown>>;
  readonly logLevel: "debug" | "info" | "warning" | "error";
  readonly logFormat: "pretty" | "json";
  /** Calls that were answered go to the log at `info`, and not at `debug`. */
  readonly logCalls: boolean;
  /** The runtime exports spans and metrics. */
  readonly telemetry: boolean;
}

/** Our credentials at an issuer. */
interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The development authorization server; it runs when no other is configured. */
export interface DevelopmentConfig {
  readonly accessTokenSeconds: number;
  readonly signingAlgorithm: "ES256" | "RS256";
  /** Whether its metadata names client ID metadata documents; unset, it does outside loopback only. */
  readonly advertiseClientDocuments: boolean | undefined;
  /** Others than this machine can reach it, so sign-in asks for a passcode. */
  readonly isPublic: boolean;
}

/** Every problem of a configuration, one a line; the message is for the person who starts the server. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n` +
        problems.map((problem) => `  ${problem}`).join("\n"),
    );
  }
}

/**
 * Turns the environment into a configuration; a variable that is set to nothing counts as not set.
 *
 * @param variables The app's own, checked and reported together with the core's.
 * @throws ConfigError that lists every problem at once.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  machine: Machine,
  variables: AppVariables = {},
): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  // Compiling a schema that is used once takes longer than using it.
  const parsed = Environment.safeParse(given, { jitless: true });
  const own = z.object(variables).safeParse(given, { jitless: true });
  const issues = [parsed, own].flatMap(({ error }) => error?.issues ?? []);
  const problems = [
    ...Object.keys(variables).filter((name) => name in Environment.shape).map((name) =>
      `${name} cannot be a variable of the app: the core reads it.`
    ),
    ...issues.map(({ path, message }) => `${withValue(String(path[0]), given)}: ${message}`),
    ...missingVariables(given, machine),
  ];
  if (!parsed.success || !own.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  const hostname = values.HOST ?? (machine.hosted ? "0.0.0.0" : "127.0.0.1");
  const resource = values.RESOURCE_SERVER_URL ?? `http://localhost:${values.PORT}/mcp`;
  const { host, origin, hostname: publicName } = new URL(resource);
  const loopback = isLoopback(hostname);
  const introspector = client(values.INTROSPECTION_CLIENT_ID, values.INTROSPECTION_CLIENT_SECRET);
  const exchanger = client(values.TOKEN_EXCHANGE_CLIENT_ID, values.TOKEN_EXCHANGE_CLIENT_SECRET);
  return Object.freeze({
    port: values.PORT,
    hostname,
    issuers: values.AUTHORIZATION_SERVER_URL ?? [`${origin}/auth`],
    development: values.AUTHORIZATION_SERVER_URL ? undefined : {
      accessTokenSeconds: values.DEV_ACCESS_TOKEN_SECONDS,
      signingAlgorithm: values.DEV_SIGNING_ALGORITHM,
      advertiseClientDocuments: values.DEV_CLIENT_DOCUMENTS,
      isPublic: !loopback || !isLoopback(publicName),
    },
    resource,
    audiences: values.JWT_AUDIENCES ?? [resource],
    // All three are set, or none.
    introspection: introspector && { url: values.INTROSPECTION_URL!, ...introspector },
    tokenExchange: exchanger && { url: values.TOKEN_EXCHANGE_URL, ...exchanger },
    allowedHosts: [host, ...values.MCP_ALLOWED_HOSTS ?? []],
    allowedOrigins: [origin, ...values.MCP_ALLOWED_ORIGINS ?? []],
    loopback,
    challengeMode: values.AUTH_CHALLENGE,
    challengeScopes: values.CHALLENGE_SCOPES,
    scopeClaims: values.SCOPE_CLAIMS,
    scopePrefix: values.SCOPE_PREFIX,
    trustedProxies: values.TRUSTED_PROXIES,
    requireAuth: values.REQUIRE_AUTH,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    requestStateKey: values.REQUEST_STATE_KEY,
    databaseUrl: values.DATABASE_URL,
    sqlitePath: values.SQLITE_PATH ?? (machine.hosted ? undefined : "./data/app.db"),
    openaiAppsChallenge: values.OPENAI_APPS_CHALLENGE,
    widgetDomain: values.WIDGET_DOMAIN,
    appEnv: own.data,
    logLevel: values.LOG_LEVEL,
    logCalls: values.LOG_CALLS,
    telemetry: values.OTEL_DENO,
    logFormat: values.LOG_FORMAT ?? (machine.isTerminal ? "pretty" : "json"),
  });
}

function withValue(name: string, given: Readonly<Record<string, string | undefined>>): string {
  const value = given[name];
  if (value === undefined) return `${name} is not set`;
  return `${name}=${isSecret(name, value) ? "(not shown)" : value}`;
}

function client(clientId: string | undefined, clientSecret: string | undefined): Client | undefined {
  return clientId && clientSecret ? { clientId, clientSecret } : undefined;
}
