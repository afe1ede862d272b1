import assert from "node:assert/strict";
import { decodeJwt } from "@panva/jose";
import { codeFor, type Fields, redeem, refresh, tokensOf } from "./flow.ts";
import { devIssuer, register, RESOURCE } from "./dev_issuer.ts";

const REFRESHABLE = ["authorization_code", "refresh_token"];

/** Registrations as the hosts send them, and the redirect URI of their authorization request. */
const REGISTERED = [
  {
    host: "VS Code",
    metadata: {
      client_name: "Visual Studio Code",
      client_uri: "https://code.visualstudio.com",
      grant_types: [...REFRESHABLE, "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      redirect_uris: [
        "https://insiders.vscode.dev/redirect",
        "https://vscode.dev/redirect",
        "http://127.0.0.1/",
        "http://127.0.0.1:33418/",
      ],
      scope: "notes:read offline_access",
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    redirectUri: "http://127.0.0.1:52831/",
  },
  {
    host: "MCP Inspector",
    metadata: {
      client_name: "MCP Inspector",
      client_uri: "https://github.com/modelcontextprotocol/inspector",
      redirect_uris: ["http://localhost:6274/oauth/callback"],
      grant_types: REFRESHABLE,
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      scope: "",
    },
    redirectUri: "http://localhost:6274/oauth/callback",
  },
  {
    host: "Cursor on loopback",
    metadata: {
      client_name: "Cursor",
      redirect_uris: ["http://localhost:8787/callback"],
      grant_types: REFRESHABLE,
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    redirectUri: "http://localhost:8787/callback",
  },
  {
    host: "Cursor by its own scheme",
    metadata: {
      client_name: "Cursor",
      redirect_uris: ["cursor://anysphere.cursor-mcp/oauth/callback"],
      grant_types: REFRESHABLE,
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    redirectUri: "cursor://anysphere.cursor-mcp/oauth/callback",
  },
  {
    host: "Claude",
    metadata: {
      client_name: "Claude",
      redirect_uris: ["https://claude.ai/api/mcp/auth_callback"],
      grant_types: REFRESHABLE,
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
      scope: "notes:read",
    },
    redirectUri: "https://claude.ai/api/mcp/auth_callback",
  },
];

for (const { host, metadata, redirectUri } of REGISTERED) {
  Deno.test(`${host} registers, signs in and refreshes (REG-03, REG-04)`, async () => {
    const issuer = await devIssuer();
    const { client_id, client_secret } = await register(issuer, metadata);
    const secret: Fields = typeof client_secret === "string" ? { client_secret } : {};
    const code = await codeFor(issuer, client_id, { asked: { redirect_uri: redirectUri } });
    const redeemed = await redeem(issuer, client_id, code, { redirect_uri: redirectUri, ...secret });
    const { refresh_token } = await tokensOf(redeemed);
    const { access_token } = await tokensOf(await refresh(issuer, client_id, refresh_token, secret));
    assert.equal(decodeJwt(access_token).aud, RESOURCE);
  });
}
