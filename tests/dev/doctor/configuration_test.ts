import assert from "node:assert/strict";
import { ConfigError, loadConfig } from "../../../src/config/config.ts";
import { ISSUER, NOW, TestIssuer } from "../../test_issuer.ts";
import { doctor, examineJson } from "./examine.ts";

const GOOD = { AUTHORIZATION_SERVER_URL: ISSUER, RESOURCE_SERVER_URL: "https://notes.example/mcp" };
const INTROSPECTION = {
  INTROSPECTION_URL: `${ISSUER}/introspect`,
  INTROSPECTION_CLIENT_ID: "server",
  INTROSPECTION_CLIENT_SECRET: "hush-hush",
};
const issuer = await TestIssuer.create();
const METADATA = {
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/jwks`,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  registration_endpoint: `${ISSUER}/register`,
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none"],
  authorization_response_iss_parameter_supported: true,
};

/** An authorization server without a fault, whose introspection knows no token. */
function answer(request: Request): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/introspect") return Response.json({ active: false });
  return pathname.startsWith("/.well-known") ? Response.json(METADATA) : issuer.fetch(request);
}

/** Examines an environment. */
function examine(
  env: Readonly<Record<string, string>>,
  fetch: (request: Request) => Response | Promise<Response> = answer,
  askDatabase = () => Promise.resolve(),
) {
  const readConfig = () => {
    try {
      return loadConfig(env, { isTerminal: false });
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
  };
  return [fetch, { readConfig, askDatabase, now: () => NOW }] as const;
}

Deno.test("a sound configuration with an issuer, introspection and a database has no problem", async () => {
  const env = { ...GOOD, ...INTROSPECTION, DATABASE_URL: "postgres://user:hush-hush@db.example/notes" };
  const { code, results } = await examineJson([], ...examine(env));
  const found = results.filter(({ verdict }) => verdict === "problem" || verdict === "warning");
  assert.deepEqual(found, []);
  assert.equal(code, 0);
});

Deno.test("every fault of the environment is a problem of its own, in the words of the start", async () => {
  const { code, results } = await examineJson([], ...examine({ PORT: "eight", LOG_LEVEL: "loud" }));
  assert.equal(code, 1);
  assert.deepEqual(results.map(({ verdict, seen }) => `${verdict} ${seen.split(":")[0]}`), [
    "problem PORT=eight",
    "problem LOG_LEVEL=loud",
  ]);
});

Deno.test({
  name: "a variable of the app's own that Deno may not read is a problem whose fix names deno.json",
  ignore: (await Deno.permissions.query({ name: "run" })).state !== "granted",
}, async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-env=PORT", "doctor.ts"],
    cwd: new URL("../../../", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const printed = new TextDecoder().decode(stdout);
  assert.match(printed, /RESOURCE_SERVER_URL.* cannot be read/);
  assert.match(printed, /fix: List it in permissions\.doctor\.env of deno\.json/);
  assert.doesNotMatch(printed, /Change the variable/);
});

/** One thing wrong with what the configuration leads to. */
const FAULTS: readonly (readonly [
  id: string,
  seen: RegExp,
  env: Readonly<Record<string, string>>,
  fetch?: (request: Request) => Response | Promise<Response>,
])[] = [
  ["issuer.string", /only the slash/, { ...GOOD, AUTHORIZATION_SERVER_URL: `${ISSUER}/` }],
  ["issuer.metadata", /refused/, GOOD, () => Promise.reject(new TypeError("refused"))],
  [
    "config.introspection",
    /HTTP 401/,
    { ...GOOD, ...INTROSPECTION },
    (request) => request.url.endsWith("/introspect") ? new Response("", { status: 401 }) : answer(request),
  ],
  [
    "config.introspection",
    /no active: false/,
    { ...GOOD, ...INTROSPECTION },
    (request) => request.url.endsWith("/introspect") ? Response.json({}) : answer(request),
  ],
];

for (const [id, seen, env, fetch] of FAULTS) {
  Deno.test(`the doctor finds with ${id} that ${seen.source} is the matter here`, async () => {
    const { results, code } = await examineJson([], ...examine(env, fetch));
    const line = results.find((result) => result.id === id);
    assert.equal(line?.verdict, "problem");
    assert.match(line.seen, seen);
    assert.equal(code, 1);
  });
}

Deno.test("a database that cannot be reached is told by its code, without the password", async () => {
  const env = { ...GOOD, ...INTROSPECTION, DATABASE_URL: "postgres://user:hush-hush@db.example/notes" };
  const fails = () => Promise.reject(Object.assign(new Error("user hush-hush"), { code: "28P01" }));
  const { printed, code } = await doctor([], ...examine(env, answer, fails));
  assert.equal(code, 1);
  assert.match(printed, /PROBLEM {2}Database: Postgres at db\.example: 28P01/);
  assert.doesNotMatch(printed, /hush-hush/);
});

Deno.test("the development authorization server behind a public URL is warned of", async () => {
  const { results } = await examineJson([], ...examine({ RESOURCE_SERVER_URL: "https://notes.example/mcp" }));
  assert.equal(results.find(({ id }) => id === "config.mode")?.verdict, "warning");
});

Deno.test("a question that makes no sense is answered with how to ask, and exit code 2", async () => {
  for (
    const args of [["localhost:8000"], ["--nonsense"], ["--token"], ["--review"], [
      "https://a.example/mcp",
      "b",
    ]]
  ) {
    const { code, printed } = await doctor(args, () => assert.fail("Nothing should be asked."));
    assert.equal(code, 2, args.join(" "));
    assert.match(printed, /deno task doctor https:\/\/host\/mcp/);
  }
});

const manifest = new URL("../../../deno.json", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: manifest });

Deno.test({
  name: "the doctor may read the variables that the server may, and no file",
  ignore: state !== "granted",
}, async () => {
  const { permissions: { serve, doctor } } = JSON.parse(await Deno.readTextFile(manifest));
  assert.deepEqual(doctor, { net: true, env: serve.env });
});
