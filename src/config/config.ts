import type { z } from "zod";
import { Environment, type Machine, missing, SECRETS } from "./environment.ts";
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
  /** Asked about tokens that are no JWTs. */
  readonly introspection: IntrospectionConfig | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Only this machine can reach the server. */
  readonly loopback: boolean;
  readonly challengeMode: "auto" | "http" | "result";
  readonly requireAuth: boolean;
  /** Calls a caller may make in a minute. */
  readonly rateLimitPerMinute: number;
  /** A Postgres database for the orders; it holds a password, so it is never printed. */
  readonly databaseUrl: string | undefined;
  /** The embedded database; without one nothing outlives the process. */
  readonly sqlitePath: string | undefined;
  readonly demoOrders: boolean;
  readonly logLevel: "debug" | "info" | "warning" | "error";
  readonly logFormat: "pretty" | "json";
}

/** The endpoint of RFC 7662, and our credentials there. */
export interface IntrospectionConfig {
  readonly url: string;
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
 * @throws ConfigError that lists every problem at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, machine: Machine): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) =>
      `${shown(String(path[0]), given)}: ${message}`
    ),
    ...missing(given, machine),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  const hostname = values.HOST ?? (machine.isDenoDeploy ? "0.0.0.0" : "127.0.0.1");
  const resource = values.RESOURCE_SERVER_URL ?? `http://localhost:${values.PORT}/mcp`;
  const { host, origin, hostname: publicName } = new URL(resource);
  const loopback = isLoopback(hostname);
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
    introspection: introspection(values),
    allowedHosts: [host, ...values.MCP_ALLOWED_HOSTS ?? []],
    allowedOrigins: [origin, ...values.MCP_ALLOWED_ORIGINS ?? []],
    loopback,
    challengeMode: values.AUTH_CHALLENGE,
    requireAuth: values.REQUIRE_AUTH,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    databaseUrl: values.DATABASE_URL,
    sqlitePath: values.SQLITE_PATH ?? (machine.isDenoDeploy ? undefined : "./data/pizza.db"),
    demoOrders: values.DEMO_ORDERS,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (machine.isTerminal ? "pretty" : "json"),
  });
}

function shown(name: string, given: Readonly<Record<string, string | undefined>>): string {
  const value = given[name] ?? "";
  const isSecret = SECRETS.includes(name) || /\/\/[^/]*@/.test(value);
  return `${name}=${isSecret ? "(not shown)" : value}`;
}

function introspection(values: z.output<typeof Environment>): IntrospectionConfig | undefined {
  const {
    INTROSPECTION_URL: url,
    INTROSPECTION_CLIENT_ID: clientId,
    INTROSPECTION_CLIENT_SECRET: clientSecret,
  } = values;
  return url && clientId && clientSecret ? { url, clientId, clientSecret } : undefined;
}
