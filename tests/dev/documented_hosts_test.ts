import assert from "node:assert/strict";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import { authorize, codeFor, type Fields, readPage, redeem, refresh, tokensOf } from "./flow.ts";
import { devIssuer, ISSUER, RESOURCE } from "./dev_issuer.ts";

const REFRESHABLE = ["authorization_code", "refresh_token"];

/** Documents as the hosts publish them. */
const DOCUMENTED = [
  {
    host: "Claude Code",
    document: {
      client_id: "https://claude.ai/oauth/claude-code-client-metadata",
      client_name: "Claude Code",
      client_uri: "https://claude.ai",
      redirect_uris: ["http://localhost/callback", "http://127.0.0.1/callback"],
      grant_types: REFRESHABLE,
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    redirectUri: "http://localhost:54545/callback",
  },
  {
    host: "VS Code",
    document: {
      client_id: "https://vscode.dev/oauth/client-metadata.json",
      client_name: "Visual Studio Code",
      redirect_uris: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
      grant_types: REFRESHABLE,
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    redirectUri: "https://vscode.dev/redirect",
  },
];

for (const { host, document, redirectUri } of DOCUMENTED) {
  Deno.test(`${host} signs in by its metadata document and refreshes (CIMD-03)`, async () => {
    const { client_id } = document;
    const issuer = await devIssuer({
      fetch: () => Promise.resolve(Response.json(document)),
      resolve: () => Promise.resolve(["160.79.104.10"]),
    });
    const page = await readPage(await authorize(issuer, client_id, { redirect_uri: redirectUri }));
    assert.ok(page.text.includes(new URL(client_id).host));
    const code = await codeFor(issuer, client_id, { asked: { redirect_uri: redirectUri } });
    const redeemed = await redeem(issuer, client_id, code, { redirect_uri: redirectUri });
    await tokensOf(await refresh(issuer, client_id, (await tokensOf(redeemed)).refresh_token));
  });
}

for (const method of ["none", "private_key_jwt"]) {
  Deno.test(`ChatGPT signs in by its metadata document with ${method} and refreshes (CIMD-10)`, async () => {
    const client_id = "https://chatgpt.com/oauth/client.json";
    const redirect_uri = "https://chatgpt.com/connector_platform_oauth_redirect";
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const pages: Record<string, unknown> = {
      [client_id]: {
        client_id,
        client_name: "ChatGPT",
        client_uri: "https://chatgpt.com",
        redirect_uris: [redirect_uri],
        grant_types: REFRESHABLE,
        response_types: ["code"],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
        token_endpoint_auth_signing_alg: "RS256",
        jwks_uri: "https://chatgpt.com/oauth/jwks.json",
      },
      "https://chatgpt.com/oauth/jwks.json": {
        keys: [{ ...await exportJWK(publicKey), kid: "1", use: "sig" }],
      },
    };
    const issuer = await devIssuer({
      fetch: (input) => Promise.resolve(Response.json(pages[String(input)])),
      resolve: () => Promise.resolve(["104.18.32.47"]),
    });
    const proof = async (): Promise<Fields> =>
      method === "none" ? {} : {
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await new SignJWT({ jti: crypto.randomUUID() })
          .setProtectedHeader({ alg: "RS256", kid: "1" })
          .setIssuer(client_id).setSubject(client_id).setAudience(ISSUER).setIssuedAt().setExpirationTime(
            "5m",
          )
          .sign(privateKey),
      };
    const asked = { redirect_uri, scope: "notes:read openid email offline_access" };
    const code = await codeFor(issuer, client_id, { asked });
    const redeemed = await redeem(issuer, client_id, code, {
      redirect_uri,
      resource: RESOURCE,
      ...await proof(),
    });
    const { refresh_token, id_token } = await tokensOf(redeemed);
    assert.equal(decodeJwt(id_token).email, "ada@example.com");
    await tokensOf(await refresh(issuer, client_id, refresh_token, { resource: RESOURCE, ...await proof() }));
  });
}
