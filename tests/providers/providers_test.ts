import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import assert from "node:assert/strict";
import { signedIn } from "../../src/mod.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, ERAS, NOW, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";
import { type Provider, PROVIDERS, RESOURCE, type Token } from "./providers.ts";

const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
const jwk = await exportJWK(publicKey);

/** Signs with the provider's one key, for an hour. */
async function sign({ header, claims }: Token): Promise<string> {
  const iat = Math.floor(NOW / 1000);
  return await new SignJWT({ ...claims, iat, exp: iat + 3600 })
    .setProtectedHeader({ alg: "RS256", kid: "key-1", ...header })
    .sign(privateKey);
}

/** The server as these variables set it up, beside a provider that answers at the documented addresses only. */
async function start(
  { metadataUrl, metadata, key, scopes }: Provider,
  env: Readonly<Record<string, string>>,
  answers: Readonly<Record<string, unknown>> = {},
) {
  const documents: Readonly<Record<string, unknown>> = {
    ...answers,
    [metadataUrl]: metadata,
    [metadata.jwks_uri]: {
      keys: [
        // Keycloak publishes a key for encryption, too.
        { ...jwk, use: "enc", alg: "RSA-OAEP", kid: "key-0" },
        { ...jwk, use: "sig", alg: "RS256", kid: "key-1", ...key },
      ],
    },
  };
  const app = {
    ...tinyApp([]),
    scopes: Object.fromEntries(scopes.map((scope) => [scope, "See your notes"])),
    open: () => ({
      tools: [
        tool("list_notes", (_, { caller }) => {
          assert.ok(caller);
          return { data: { answer: `${caller.subject} by ${caller.clientId}` }, text: "Done" };
        }, signedIn(...scopes)),
      ],
    }),
  };
  const { server } = await createTestServer({
    app,
    env,
    issuers: env["AUTHORIZATION_SERVER_URL"]!.split(","),
    fetch: (input) => {
      const document = documents[String(input)];
      return Promise.resolve(document ? Response.json(document) : new Response(null, { status: 404 }));
    },
  });
  return { server, list: (token: string) => ask(server, toolCall("modern", "list_notes", {}, { token })) };
}

for (const [name, provider] of Object.entries(PROVIDERS)) {
  for (const [kind, token] of Object.entries(provider.good)) {
    Deno.test(`a token of ${name} ${kind} opens a signed-in tool in both eras`, async () => {
      const { server } = await start(provider, provider.env);
      const signed = await sign(token);
      for (const era of ERAS) {
        const { status, body, text } = await ask(
          server,
          toolCall(era, "list_notes", {}, { token: signed }),
        );
        assert.equal(status, 200, text);
        const { sub, client_id, azp, cid } = token.claims;
        assert.deepEqual(body.result?.structuredContent, {
          answer: `${sub} by ${client_id ?? azp ?? cid}`,
        });
      }
    });
  }

  for (const [kind, token] of Object.entries(provider.refused)) {
    Deno.test(`a token of ${name} ${kind} is 401`, async () => {
      const { list } = await start(provider, provider.env);
      const { status, headers } = await list(await sign(token));
      assert.equal(status, 401);
      assert.match(headers.get("www-authenticate") ?? "", /error="invalid_token"/);
    });
  }

  for (const [kind, token] of Object.entries(provider.forbidden ?? {})) {
    Deno.test(`a token of ${name} ${kind} is 403`, async () => {
      const { list } = await start(provider, provider.env);
      assert.equal((await list(await sign(token))).status, 403);
    });
  }

  Deno.test(`a host of ${name} is sent to the issuer as it states itself, for scopes as it knows them`, async () => {
    const { server } = await start(provider, provider.env);
    const path = new URL(RESOURCE).pathname;
    const response = await server.request(`/.well-known/oauth-protected-resource${path}`);
    const metadata = await response.json();
    assert.equal(metadata.resource, RESOURCE);
    assert.deepEqual(metadata.authorization_servers, [provider.metadata.issuer]);
    assert.deepEqual(metadata.scopes_supported ?? [], provider.scopes);
  });
}

Deno.test("Auth0's encrypted token, which it issues when no audience was asked for, is 401", async () => {
  const auth0 = PROVIDERS["Auth0"]!;
  const { list } = await start(auth0, auth0.env);
  const header = btoa(
    JSON.stringify({ alg: "dir", enc: "A256GCM", iss: auth0.metadata.issuer }),
  ).replace(/=+$/, "");
  assert.equal((await list(`${header}..aXY.Y2lwaGVydGV4dA.dGFn`)).status, 401);
});

Deno.test("Auth0's issuer without its slash is 503, and the log says what to set", async () => {
  const auth0 = PROVIDERS["Auth0"]!;
  const { list } = await start(auth0, {
    ...auth0.env,
    AUTHORIZATION_SERVER_URL: "https://tenant.auth0.com",
  });
  const [, token] = Object.entries(auth0.good)[0]!;
  const signed = await sign({ ...token, claims: { ...token.claims, iss: "https://tenant.auth0.com" } });
  const records = await logged(async () => assert.equal((await list(signed)).status, 503));
  assert.match(
    JSON.stringify(records.map(({ properties }) => properties)),
    /Set AUTHORIZATION_SERVER_URL=https:\/\/tenant\.auth0\.com\//,
  );
});

Deno.test("Okta's first audience is accepted once it is named", async () => {
  const okta = PROVIDERS["Okta"]!;
  const { list } = await start(okta, { ...okta.env, JWT_AUDIENCES: "api://default" });
  const token = okta.refused["with the audience that the default server has at first"]!;
  assert.equal((await list(await sign(token))).status, 200);
});

Deno.test("without SCOPE_PREFIX the short scopes of Entra ID are not enough", async () => {
  const entra = PROVIDERS["Entra ID"]!;
  const { SCOPE_PREFIX: _, ...env } = entra.env;
  const { list } = await start(entra, env);
  assert.equal((await list(await sign(Object.values(entra.good)[0]!))).status, 403);
});

Deno.test("SCOPE_PREFIX does not change scopes that have it", async () => {
  const cognito = PROVIDERS["Amazon Cognito"]!;
  const { list } = await start(cognito, { ...cognito.env, SCOPE_PREFIX: `${RESOURCE}/` });
  assert.equal((await list(await sign(Object.values(cognito.good)[0]!))).status, 200);
});

Deno.test("Entra ID's issuer for any tenant, which has a gap in its name, is 503", async () => {
  const entra = PROVIDERS["Entra ID"]!;
  const issuer = "https://login.microsoftonline.com/organizations/v2.0";
  const anyTenant = {
    ...entra,
    metadataUrl: `${issuer}/.well-known/openid-configuration`,
    metadata: { ...entra.metadata, issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" },
  };
  const { list } = await start(anyTenant, { ...entra.env, AUTHORIZATION_SERVER_URL: issuer });
  const token = entra.good["of version 2"]!;
  const signed = await sign({ ...token, claims: { ...token.claims, iss: issuer } });
  assert.equal((await list(signed)).status, 503);
});

Deno.test("Clerk's opaque token is good once introspection says that it is for this server", async () => {
  const clerk = PROVIDERS["Clerk"]!;
  const url = `${clerk.metadata.issuer}/introspection`;
  const client = { INTROSPECTION_CLIENT_ID: "server", INTROSPECTION_CLIENT_SECRET: "secret" };
  const { claims } = clerk.good["as JWT, for a resource"]!;
  for (const [aud, status] of [[RESOURCE, 200], [undefined, 401]] as const) {
    const answer = { ...claims, active: true, exp: NOW / 1000 + 3600, aud };
    const env = { ...clerk.env, ...client, INTROSPECTION_URL: url };
    const { list } = await start(clerk, env, { [url]: answer });
    assert.equal((await list("oat_2abcDEF")).status, status);
  }
});

Deno.test("Clerk's opaque token is 401 without introspection", async () => {
  const clerk = PROVIDERS["Clerk"]!;
  const { list } = await start(clerk, clerk.env);
  assert.equal((await list("oat_2abcDEF")).status, 401);
});

const root = new URL("../../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });

Deno.test({
  name: "docs/identity-providers.md shows the variables and the documentation of every provider",
  ignore: state !== "granted",
}, async () => {
  const text = await Deno.readTextFile(new URL("docs/identity-providers.md", root));
  for (const [name, { env, documented }] of Object.entries(PROVIDERS)) {
    const section = text.split("\n## ").find((part) => part.startsWith(`${name.split(" with ")[0]}\n`));
    assert.ok(section, `no section for ${name}`);
    for (const [variable, value] of Object.entries(env)) {
      assert.ok(section.includes(`\n${variable}=${value}\n`), `${name}: ${variable}=${value}`);
    }
    for (const url of documented) assert.ok(section.includes(`(${url})`), `${name}: ${url}`);
  }
});
