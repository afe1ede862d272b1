import { z } from "zod";

/** Everything that can be configured, checked and frozen. */
export interface Config {
  readonly port: number;
  readonly hostname: string;
  readonly issuers: readonly string[];
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  readonly audiences: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Only this machine can reach the server. */
  readonly loopback: boolean;
  readonly challengeMode: "auto" | "http" | "result";
  readonly requireAuth: boolean;
  readonly sqlitePath: string;
  readonly demoOrders: boolean;
  readonly logLevel: "debug" | "info" | "warning" | "error";
  readonly logFormat: "pretty" | "json";
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

/** Facts about the machine that change defaults. */
export interface Machine {
  readonly isDenoDeploy: boolean;
  readonly isTerminal: boolean;
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "::1"];

/** An https URL, or http on loopback, without a fragment; kept byte for byte. */
const url = z.string().refine((value) => URL.canParse(value) && /^https?:\/\//.test(value), {
  message: "write an absolute URL such as https://auth.example.com",
  abort: true,
}).refine((value) => new URL(value).protocol === "https:" || LOOPBACK.includes(new URL(value).hostname), {
  message: "use https; http is only for localhost, 127.0.0.1 and [::1]",
}).refine((value) => !/[?#]/.test(value), { message: "remove the query and the fragment" });

const list = z.string().transform((value) => value.split(",").map((item) => item.trim()).filter(Boolean));
const flag = z.stringbool({ error: "write true or false" });

const resource = url.refine((value) => value.endsWith("/") === (new URL(value).pathname === "/"), {
  message: "remove the slash at the end",
});

const Environment = z.object({
  PORT: z.coerce.number("write a port number such as 8000").int().min(0).max(65_535).default(8000),
  HOST: z.string().optional(),
  AUTHORIZATION_SERVER_URL: list.pipe(
    z.array(url).min(1, "name at least one issuer"),
  ),
  RESOURCE_SERVER_URL: resource,
  JWT_AUDIENCES: list.optional(),
  MCP_ALLOWED_HOSTS: list.optional(),
  MCP_ALLOWED_ORIGINS: list.optional(),
  AUTH_CHALLENGE: z.enum(["auto", "http", "result"], "write auto, http or result").default("auto"),
  REQUIRE_AUTH: flag.default(false),
  SQLITE_PATH: z.string().optional(),
  DEMO_ORDERS: flag.default(true),
  LOG_LEVEL: z.enum(["debug", "info", "warning", "error"], "write debug, info, warning or error").default(
    "info",
  ),
  LOG_FORMAT: z.enum(["pretty", "json"], "write pretty or json").optional(),
});

/** The variables that are read, for the tasks' permissions. */
export const VARIABLES = Object.keys(Environment.shape);

const REQUIRED: Readonly<Record<string, string>> = {
  AUTHORIZATION_SERVER_URL:
    "set it to the issuer of your authorization server, such as https://your-tenant.auth0.com/",
  RESOURCE_SERVER_URL:
    "set it to the public URL of this server's MCP endpoint, such as https://pizza.example.com/mcp",
};

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
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => explain(String(path[0]), message, given)),
    );
  }
  const values = parsed.data;
  const hostname = values.HOST ?? (machine.isDenoDeploy ? "0.0.0.0" : "127.0.0.1");
  const { host, origin } = new URL(values.RESOURCE_SERVER_URL);
  return Object.freeze({
    port: values.PORT,
    hostname,
    issuers: values.AUTHORIZATION_SERVER_URL,
    resource: values.RESOURCE_SERVER_URL,
    audiences: values.JWT_AUDIENCES ?? [values.RESOURCE_SERVER_URL],
    allowedHosts: [host, ...values.MCP_ALLOWED_HOSTS ?? []],
    allowedOrigins: [origin, ...values.MCP_ALLOWED_ORIGINS ?? []],
    loopback: LOOPBACK.includes(hostname),
    challengeMode: values.AUTH_CHALLENGE,
    requireAuth: values.REQUIRE_AUTH,
    sqlitePath: values.SQLITE_PATH ?? (machine.isDenoDeploy ? ":memory:" : "./data/pizza.db"),
    demoOrders: values.DEMO_ORDERS,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (machine.isTerminal ? "pretty" : "json"),
  });
}

function explain(
  variable: string,
  message: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const value = env[variable];
  if (value === undefined) return `${variable} is not set: ${REQUIRED[variable] ?? message}`;
  return `${variable}=${value}: ${message}`;
}
