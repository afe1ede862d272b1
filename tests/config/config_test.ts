import assert from "node:assert/strict";
import { ConfigError, loadConfig } from "../../src/config/config.ts";

const LOCAL = { isTerminal: false };
const DEPLOY = { hosted: "on Deno Deploy", isTerminal: false };
const GOOD = {
  AUTHORIZATION_SERVER_URL: "https://tenant.auth.example/",
  RESOURCE_SERVER_URL: "https://notes.example/mcp",
};

/** The problems of an environment, without the headline. */
function problems(env: Record<string, string | undefined>, machine = LOCAL): readonly string[] {
  try {
    loadConfig(env, machine);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
}

Deno.test("two variables are enough; the rest has defaults (TRN-03)", () => {
  const config = loadConfig(GOOD, LOCAL);
  assert.equal(config.port, 8000);
  assert.equal(config.hostname, "127.0.0.1");
  assert.equal(config.loopback, true);
  assert.deepEqual(config.issuers, ["https://tenant.auth.example/"]);
  assert.deepEqual(config.audiences, ["https://notes.example/mcp"]);
  assert.deepEqual(config.allowedHosts, ["notes.example"]);
  assert.deepEqual(config.allowedOrigins, ["https://notes.example"]);
  assert.equal(config.challengeMode, "auto");
  assert.equal(config.challengeScopes, "needed");
  assert.deepEqual(config.scopeClaims, ["scope", "scp"]);
  assert.equal(config.trustedProxies, 0);
  assert.equal(config.requireAuth, false);
  assert.deepEqual(config.appEnv, {});
  assert.equal(config.sqlitePath, "./data/app.db");
  assert.equal(config.logFormat, "json");
  assert.ok(Object.isFrozen(config));
});

Deno.test("logs are pretty on a terminal, unless it is said otherwise", () => {
  assert.equal(loadConfig(GOOD, { ...LOCAL, isTerminal: true }).logFormat, "pretty");
  assert.equal(loadConfig({ ...GOOD, LOG_FORMAT: "json" }, { ...LOCAL, isTerminal: true }).logFormat, "json");
});

Deno.test("on Deno Deploy the server listens on all interfaces and keeps nothing on disk", () => {
  const { hostname, loopback, sqlitePath } = loadConfig(GOOD, DEPLOY);
  assert.deepEqual({ hostname, loopback, sqlitePath }, {
    hostname: "0.0.0.0",
    loopback: false,
    sqlitePath: undefined,
  });
});

Deno.test("lists are split at commas, spaces do not matter, and URLs stay byte for byte (PRM-02)", () => {
  const config = loadConfig({
    ...GOOD,
    AUTHORIZATION_SERVER_URL: "https://a.example/ , https://B.example/x",
    JWT_AUDIENCES: "urn:notes, https://notes.example/mcp,",
    MCP_ALLOWED_HOSTS: "backup.example:8443",
    MCP_ALLOWED_ORIGINS: "https://chat.example",
  }, LOCAL);
  assert.deepEqual(config.issuers, ["https://a.example/", "https://B.example/x"]);
  assert.deepEqual(config.audiences, ["urn:notes", "https://notes.example/mcp"]);
  assert.deepEqual(config.allowedHosts, ["notes.example", "backup.example:8443"]);
  assert.deepEqual(config.allowedOrigins, ["https://notes.example", "https://chat.example"]);
});

Deno.test("a variable that is set to nothing counts as not set", () => {
  const empty = { PORT: "", LOG_LEVEL: "", JWT_AUDIENCES: "", AUTH_CHALLENGE: undefined };
  assert.deepEqual(loadConfig({ ...GOOD, ...empty }, LOCAL), loadConfig(GOOD, LOCAL));
});

/** One wrong value each, and what the message has to say besides the variable and the value. */
const WRONG: readonly (readonly [variable: string, value: string, fix: RegExp])[] = [
  ["PORT", "eight", /port number such as 8000/],
  ["PORT", "70000", /port number such as 8000/],
  ["PORT", "80.5", /port number such as 8000/],
  ["PORT", "-1", /port number such as 8000/],
  ["AUTHORIZATION_SERVER_URL", "tenant.auth.example", /absolute URL such as https:/],
  ["AUTHORIZATION_SERVER_URL", "ftp://auth.example", /absolute URL/],
  ["AUTHORIZATION_SERVER_URL", "http://auth.example", /use https/],
  ["AUTHORIZATION_SERVER_URL", "https://auth.example/?tenant=1", /remove the query/],
  ["AUTHORIZATION_SERVER_URL", "https://good.example,nonsense", /absolute URL/],
  ["AUTHORIZATION_SERVER_URL", ",", /at least one issuer/],
  ["RESOURCE_SERVER_URL", "/mcp", /absolute URL/],
  ["RESOURCE_SERVER_URL", "http://notes.example/mcp", /use https/],
  ["RESOURCE_SERVER_URL", "http://localhost.evil.example/mcp", /use https/],
  ["RESOURCE_SERVER_URL", "https://notes.example/mcp#x", /fragment/],
  ["RESOURCE_SERVER_URL", "https://notes.example/mcp/", /slash at the end/],
  ["RESOURCE_SERVER_URL", "https://notes.example/:tenant/mcp", /without : and \*/],
  ["RESOURCE_SERVER_URL", "https://notes.example/%2A/mcp", /without : and \*/],
  ["RESOURCE_SERVER_URL", "https://notes.example/%E9/mcp", /valid UTF-8/],
  ["AUTH_CHALLENGE", "never", /auto, http or result/],
  ["CHALLENGE_SCOPES", "some", /needed or all/],
  ["SCOPE_CLAIMS", ",", /at least one claim/],
  ["TRUSTED_PROXIES", "all", /how many proxies/],
  ["TRUSTED_PROXIES", "-1", /0 to 10/],
  ["TRUSTED_PROXIES", "11", /0 to 10/],
  ["REQUIRE_AUTH", "perhaps", /true or false/],
  ["OPENAI_APPS_CHALLENGE", "two words", /without spaces/],
  ["LOG_LEVEL", "loud", /debug, info, warning or error/],
  ["LOG_FORMAT", "xml", /pretty or json/],
];

for (const [variable, value, fix] of WRONG) {
  Deno.test(`${variable}=${value} is one problem, named with its fix (AUTH-29)`, () => {
    const found = problems({ ...GOOD, [variable]: value });
    assert.equal(found.length, 1, found.join("\n"));
    assert.ok(found[0]?.startsWith(`${variable}=${value}: `), found[0]);
    assert.match(found[0] ?? "", fix);
  });
}

for (
  const [written, spelled] of [
    ["https://notes.example/café/mcp", "https://notes.example/caf%C3%A9/mcp"],
    ["https://notes.example/a b/mcp", "https://notes.example/a%20b/mcp"],
    ["https://NOTES.example:443/mcp", "https://notes.example/mcp"],
    ["https://notes.example/x/../mcp", "https://notes.example/mcp"],
    ["https://nötes.example", "https://xn--ntes-5qa.example"],
  ] as const
) {
  Deno.test(`RESOURCE_SERVER_URL=${written} is refused, and the message shows the spelling that works (A13)`, () => {
    const [problem = "", ...more] = problems({ ...GOOD, RESOURCE_SERVER_URL: written });
    assert.deepEqual(more, []);
    assert.ok(problem.endsWith(`write ${spelled}`), problem);
    assert.equal(loadConfig({ ...GOOD, RESOURCE_SERVER_URL: spelled }, LOCAL).resource, spelled);
  });
}

for (const url of ["http://localhost:8000/mcp", "http://127.0.0.1/mcp", "http://[::1]:9/mcp"]) {
  Deno.test(`${url} may be http, since it is this machine (AUTH-29, PRM-08)`, () => {
    assert.equal(loadConfig({ ...GOOD, RESOURCE_SERVER_URL: url }, LOCAL).resource, url);
  });
}

for (
  const url of [
    "http://notes.example/mcp",
    "http://localhost.evil.example/mcp",
    "https://notes.example/mcp#x",
  ]
) {
  Deno.test(`${url} names no resource: it is not https, or has a fragment (PRM-08)`, () => {
    assert.equal(problems({ ...GOOD, RESOURCE_SERVER_URL: url }).length, 1);
  });
}

Deno.test("a remote authorization server needs to know who we are", () => {
  const [problem, ...more] = problems({ ...GOOD, RESOURCE_SERVER_URL: undefined });
  assert.deepEqual(more, []);
  assert.match(problem ?? "", /^RESOURCE_SERVER_URL is not set: .*https:\/\/mcp\.example\.com\/mcp/);
});

Deno.test("on Deno Deploy both addresses have to be set", () => {
  const found = problems({}, DEPLOY);
  assert.equal(found.length, 2);
  assert.match(found[0] ?? "", /^AUTHORIZATION_SERVER_URL is not set/);
  assert.match(found[1] ?? "", /^RESOURCE_SERVER_URL is not set/);
});

Deno.test("every problem is told at once, one a line", () => {
  const env = { ...GOOD, PORT: "x", LOG_LEVEL: "loud", REQUIRE_AUTH: "perhaps", AUTH_CHALLENGE: "no" };
  assert.equal(problems(env).length, 4);
  assert.throws(() => loadConfig(env, LOCAL), (error: Error) => error.message.split("\n").length === 5);
});

Deno.test("a database URL that does not fit is refused without being shown", () => {
  assert.throws(
    () => loadConfig({ ...GOOD, DATABASE_URL: "mysql://ada:hunter2@db.example/notes" }, LOCAL),
    ({ message }: Error) =>
      message.includes("DATABASE_URL=(not shown): write postgres://") && !message.includes("hunter2"),
  );
});

for (
  const password of [
    "hunter/2",
    "hunter#2",
    "hunter?2",
    "12/hunter2",
    "12?hunter2",
    "12#hunter2",
    "hunter2%zz/",
  ]
) {
  Deno.test(`a database URL with the password ${password} is refused by name, the value hidden (A4)`, () => {
    const [problem, ...more] = problems({
      ...GOOD,
      DATABASE_URL: `postgres://ada:${password}@db.example/notes`,
    });
    assert.deepEqual(more, []);
    assert.match(problem ?? "", /^DATABASE_URL=\(not shown\): write postgres:.*percent-encode.*%2F/);
    assert.doesNotMatch(problem ?? "", /hunter/);
  });
}

Deno.test("a database URL with a port that is none is refused, with special characters encoded it is taken (A4)", () => {
  const [problem] = problems({ ...GOOD, DATABASE_URL: "postgres://ada:hunter2@db.example:port/notes" });
  assert.match(problem ?? "", /^DATABASE_URL=\(not shown\): write/);
  for (
    const DATABASE_URL of [
      "postgres://ada:h%2F%23@db.example:5432/notes?sslmode=verify-full",
      "postgresql:///notes",
    ]
  ) {
    assert.equal(loadConfig({ ...GOOD, DATABASE_URL }, LOCAL).databaseUrl, DATABASE_URL);
  }
});

Deno.test("a URL with a user in it is refused, since it would be published", () => {
  assert.throws(
    () => loadConfig({ ...GOOD, RESOURCE_SERVER_URL: "https://ada:pw@notes.example/mcp" }, LOCAL),
    ({ message }: Error) => message.includes("remove user and password") && !message.includes("pw@"),
  );
  assert.throws(
    () => loadConfig({ ...GOOD, RESOURCE_SERVER_URL: "https://ada:pw@NOTES.example/mcp" }, LOCAL),
    ({ message }: Error) => message.includes("remove user and password") && !message.includes("pw@"),
  );
});

Deno.test("an empty list of audiences is refused instead of refusing every token", () => {
  assert.throws(
    () => loadConfig({ ...GOOD, JWT_AUDIENCES: "," }, LOCAL),
    /JWT_AUDIENCES=,: name at least one audience/,
  );
});

const INTROSPECTION = {
  INTROSPECTION_URL: "https://tenant.auth.example/introspect",
  INTROSPECTION_CLIENT_ID: "notes-server",
  INTROSPECTION_CLIENT_SECRET: "hunter2",
};

Deno.test("introspection needs all of its variables and an issuer, and no problem shows the secret", () => {
  assert.deepEqual(problems({ ...GOOD, ...INTROSPECTION }), []);
  const [incomplete] = problems({ ...GOOD, ...INTROSPECTION, INTROSPECTION_CLIENT_ID: undefined });
  assert.match(incomplete ?? "", /^INTROSPECTION_CLIENT_ID must be set too/);
  const [nobody] = problems(INTROSPECTION);
  assert.match(nobody ?? "", /^AUTHORIZATION_SERVER_URL is not set: INTROSPECTION_URL belongs to an issuer/);
  assert.doesNotMatch(`${incomplete} ${nobody}`, /hunter2/);
});

Deno.test("token exchange needs a client, its secret and an issuer, and no problem shows the secret (10.1)", () => {
  const client = { TOKEN_EXCHANGE_CLIENT_ID: "notes-server", TOKEN_EXCHANGE_CLIENT_SECRET: "hunter2" };
  const url = { TOKEN_EXCHANGE_URL: "https://tenant.auth.example/token" };
  assert.deepEqual(loadConfig({ ...GOOD, ...client, ...url }, LOCAL).tokenExchange, {
    url: url.TOKEN_EXCHANGE_URL,
    clientId: "notes-server",
    clientSecret: "hunter2",
  });
  assert.equal(loadConfig({ ...GOOD, ...client }, LOCAL).tokenExchange?.url, undefined);
  assert.equal(loadConfig(GOOD, LOCAL).tokenExchange, undefined);
  const found = [
    problems({ ...GOOD, TOKEN_EXCHANGE_CLIENT_SECRET: "hunter2" }),
    problems({ ...GOOD, ...url }),
    problems({ ...GOOD, ...client, TOKEN_EXCHANGE_URL: "http://tenant.auth.example/token" }),
    problems(client),
  ];
  assert.deepEqual(found, [
    ["TOKEN_EXCHANGE_CLIENT_ID must be set too: tokens are exchanged by a client with a secret"],
    [
      "TOKEN_EXCHANGE_CLIENT_ID and TOKEN_EXCHANGE_CLIENT_SECRET must be set too: " +
      "tokens are exchanged by a client with a secret",
    ],
    [
      "TOKEN_EXCHANGE_URL=http://tenant.auth.example/token: " +
      "use https; http is only for localhost, 127.0.0.1 and [::1]",
    ],
    ["AUTHORIZATION_SERVER_URL is not set: TOKEN_EXCHANGE_CLIENT_ID belongs to an issuer. Name it"],
  ]);
});

Deno.test("DEV_CLIENT_DOCUMENTS decides whether documents are advertised; unset, the address does (A17)", () => {
  const advertised = (value?: string) =>
    loadConfig({ DEV_CLIENT_DOCUMENTS: value }, LOCAL).development?.advertiseClientDocuments;
  assert.deepEqual([advertised(), advertised("true"), advertised("false")], [undefined, true, false]);
  assert.deepEqual(problems({ DEV_CLIENT_DOCUMENTS: "maybe" }), [
    "DEV_CLIENT_DOCUMENTS=maybe: write true or false",
  ]);
});
