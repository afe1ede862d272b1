import { z } from "zod";
import { endpointUrl, publicUrl } from "./public_url.ts";

const list = z.string().transform((value) => value.split(",").map((item) => item.trim()).filter(Boolean));
const flag = z.stringbool({ error: "write true or false" });

/** Every variable that is read, with the words for what is wrong with it. */
export const Environment = z.object({
  PORT: z.coerce.number("write a port number such as 8000").int().min(1).max(65_535).default(8000),
  HOST: z.string().optional(),
  AUTHORIZATION_SERVER_URL: list.pipe(z.array(publicUrl).min(1, "name at least one issuer")).optional(),
  RESOURCE_SERVER_URL: endpointUrl.optional(),
  JWT_AUDIENCES: list.optional(),
  MCP_ALLOWED_HOSTS: list.optional(),
  MCP_ALLOWED_ORIGINS: list.optional(),
  AUTH_CHALLENGE: z.enum(["auto", "http", "result"], "write auto, http or result").default("auto"),
  REQUIRE_AUTH: flag.default(false),
  RATE_LIMIT_PER_MINUTE: z.coerce.number("write a number of calls").int().min(1).default(600),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "write postgres://user:password@host/database")
    .optional(),
  SQLITE_PATH: z.string().optional(),
  DEV_ACCESS_TOKEN_SECONDS: z.coerce.number("write a number of seconds").int().min(1).max(86_400).default(
    600,
  ),
  DEV_SIGNING_ALGORITHM: z.enum(["ES256", "RS256"], "write ES256 or RS256").default("ES256"),
  DEMO_ORDERS: flag.default(true),
  LOG_LEVEL: z.enum(["debug", "info", "warning", "error"], "write debug, info, warning or error").default(
    "info",
  ),
  LOG_FORMAT: z.enum(["pretty", "json"], "write pretty or json").optional(),
});

/** Their names: no other variable is asked for, and `deno.json` permits no other. */
export const VARIABLES = Object.keys(Environment.shape);

/** Variables whose values are never printed. */
export const SECRETS: readonly string[] = ["DATABASE_URL"];
