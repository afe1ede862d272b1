import { freePort } from "../free_port.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";

/** An app with a sign-in of its own that `better-auth` has made an authorization server, until it is disposed of. */
export interface BetterAuth extends AsyncDisposable {
  readonly issuer: string;
}

/**
 * The app: accounts with email and password, its own sign-in and consent pages, and the plugin that lets MCP clients
 * register and get tokens for one resource. `PORT`, `RESOURCE` and `PEOPLE` are declared above it.
 */
const APP = `
import { betterAuth } from "${UNLOCKED.betterAuth}";
import { getMigrations } from "${UNLOCKED.betterAuth}/db/migration";
import { jwt } from "${UNLOCKED.betterAuth}/plugins";
import { mcp } from "${UNLOCKED.betterAuthMcp}";
import { DatabaseSync } from "node:sqlite";

const origin = "http://127.0.0.1:" + PORT;
const options = {
  baseURL: origin,
  secret: crypto.randomUUID() + crypto.randomUUID(),
  database: new DatabaseSync(":memory:"),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { level: "error" },
  plugins: [
    jwt(),
    mcp({
      resource: RESOURCE,
      loginPage: "/sign-in",
      consentPage: "/consent",
      scopes: ["openid", "offline_access", "notes:read", "notes:write"],
      allowDynamicClientRegistration: true,
      allowUnauthenticatedClientRegistration: true,
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
const emailOf = (name) => name + "@example.com";
const password = "long enough to be taken";
for (const name of PEOPLE) await auth.api.signUpEmail({ body: { name, email: emailOf(name), password } });

/** A page with one form; the parameters of the authorization request go along, as better-auth has signed them. */
function page(path, query, field) {
  return new Response(
    '<form method="post" action="' + path + '"><input type="hidden" name="query" value="' + encodeURIComponent(query) + '">' +
      field + "<button>Go on</button></form>",
    { headers: { "content-type": "text/html" } },
  );
}

/** Has better-auth answer a form of the app, and sends the browser where it says. */
async function forward(request, endpoint, body) {
  const answer = await auth.handler(new Request(origin + "/api/auth" + endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", origin, cookie: request.headers.get("cookie") ?? "" },
    body: JSON.stringify(body),
  }));
  const { url } = await answer.clone().json();
  if (!url) return answer;
  const headers = new Headers({ location: url });
  for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

const onListen = () => console.log("It serves.");
Deno.serve({ port: PORT, hostname: "127.0.0.1", onListen }, async (request) => {
  const { pathname, search } = new URL(request.url);
  if (request.method === "GET" && pathname === "/sign-in") {
    return page(pathname, search.slice(1), '<input name="login">');
  }
  if (request.method === "GET" && pathname === "/consent") return page(pathname, search.slice(1), "");
  if (request.method === "POST" && ["/sign-in", "/consent"].includes(pathname)) {
    const form = await request.formData();
    const oauth_query = decodeURIComponent(form.get("query"));
    return pathname === "/consent"
      ? await forward(request, "/oauth2/consent", { accept: true, oauth_query })
      : await forward(request, "/sign-in/email", { email: emailOf(form.get("login")), password, oauth_query });
  }
  return await auth.handler(request);
});`;

/** Whether the packages are here, or can be had. */
export async function hasBetterAuth(): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", ...UNLOCKED_FLAGS, UNLOCKED.betterAuth, UNLOCKED.betterAuthMcp],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/**
 * Starts it on a free loopback port, in a process of its own, from where it reaches nothing else.
 *
 * @param resource The MCP endpoint that its tokens are for.
 * @param people Who has an account there.
 * @throws Error if it does not start; what it writes goes to standard error.
 */
export async function startBetterAuth(resource: string, people: readonly string[]): Promise<BetterAuth> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--ext=ts", "--unstable-no-legacy-abort"],
      ...[...UNLOCKED_FLAGS, "--allow-net=127.0.0.1", "--allow-env", "--allow-sys", "--allow-read", "-"],
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const constants = Object.entries({ PORT: port, RESOURCE: resource, PEOPLE: people })
    .map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
  await new Blob([...constants, APP]).stream().pipeTo(child.stdin);
  const { done } = await child.stdout.getReader().read();
  if (done) throw new Error(`better-auth ended with code ${(await child.status).code} before it served.`);
  return {
    issuer: `http://127.0.0.1:${port}/api/auth`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}
