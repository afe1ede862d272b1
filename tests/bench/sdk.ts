import {
  type AuthInfo,
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  requireBearerAuth,
} from "@modelcontextprotocol/server";
import { createRemoteJWKSet, jwtVerify } from "@panva/jose";
import { openTestOrders, RESOURCE } from "../app/support.ts";
import { contend } from "./contender.ts";
import { buildServer } from "./sdk_tools.ts";

/**
 * The official SDK as its documentation has it: a server built per request, Host and Origin validated by its own
 * helpers, its bearer gate with a verifier on jose. A request without credentials passes the gate, because one of
 * the tools is open. The third argument is the issuer.
 */
async function main(issuer: string): Promise<void> {
  const { orders } = await openTestOrders({ now: Date.now });
  const keys = createRemoteJWKSet(new URL("/jwks", issuer));
  const gate = requireBearerAuth({ verifier: { verifyAccessToken }, requiredScopes: ["orders:read"] });
  const handler = createMcpHandler(() => buildServer(orders));

  contend(async (request) => {
    const rejected = hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins());
    if (rejected) return rejected;
    if (!request.headers.has("authorization")) return await handler.fetch(request);
    const authInfo = await gate(request);
    return authInfo instanceof Response ? authInfo : await handler.fetch(request, { authInfo });
  });

  async function verifyAccessToken(token: string): Promise<AuthInfo> {
    const { payload } = await jwtVerify(token, keys, { issuer, audience: RESOURCE });
    return {
      token,
      clientId: String(payload["client_id"]),
      scopes: String(payload["scope"]).split(" "),
      expiresAt: payload.exp!,
      extra: { issuer, subject: payload.sub },
    };
  }
}

if (import.meta.main) await main(Deno.args[2]!);
