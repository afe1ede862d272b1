import { Hono } from "@hono/hono";
import { createRemoteJWKSet, customFetch, jwtVerify } from "@panva/jose";
import { z } from "zod";
import { type Access, defineApp, defineTool, mixed, signedIn, type UpstreamTarget } from "../src/mod.ts";

/** An API that is somebody else's; tokens for it name it as their audience. */
export const UPSTREAM = "https://contacts.example/api";

/** The API: it takes tokens with its own audience, signed by the issuer, and says whose they are. */
export function createUpstream(
  { issuer, jwksUri, fetch, now = Date.now }: {
    readonly issuer: string;
    readonly jwksUri: string;
    readonly fetch: typeof globalThis.fetch;
    readonly now?: () => number;
  },
): Hono {
  const keys = createRemoteJWKSet(new URL(jwksUri), { [customFetch]: fetch });
  return new Hono().get("/api", async (c) => {
    const token = c.req.header("authorization")?.replace("Bearer ", "") ?? "";
    const options = { issuer, audience: UPSTREAM, currentDate: new Date(now()) };
    const verified = await jwtVerify(token, keys, options).catch(() => undefined);
    if (!verified) return c.json({ error: "invalid_token" }, 401);
    const { sub = "", scope } = verified.payload;
    return c.json({ owner: sub, scope: String(scope ?? "") });
  });
}

function tool(name: string, access: Access, target: UpstreamTarget, fetch: typeof globalThis.fetch) {
  return defineTool({
    name,
    title: `The ${name} tool`,
    description: "For tests.",
    access,
    upstream: true,
    input: z.strictObject({}),
    output: z.object({ owner: z.string(), scope: z.string() }),
    ...{ invoking: "Asking", invoked: "Asked" },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
    async run(_, { tokenFor, signal }) {
      const { accessToken } = await tokenFor(target);
      const response = await fetch(UPSTREAM, { headers: { authorization: `Bearer ${accessToken}` }, signal });
      if (!response.ok) throw new Error(`The API answered HTTP ${response.status}.`);
      return { data: await response.json(), text: "Asked the API." };
    },
  });
}

/** An app whose tools call the API on behalf of their callers. */
export const CONTACTS = defineApp({
  ...{ name: "contacts", title: "Contacts", version: "1.0.0", instructions: "For tests." },
  scopes: { "contacts:read": "See your contacts", "contacts:write": "Change your contacts" },
  open: ({ fetch }) => ({
    tools: [
      tool("list", signedIn("contacts:read"), { resource: UPSTREAM, scopes: ["contacts:read"] }, fetch),
      tool(
        "by_audience",
        signedIn("contacts:read"),
        { audience: UPSTREAM, scopes: ["contacts:read"] },
        fetch,
      ),
      tool("search", mixed("contacts:read"), { resource: UPSTREAM, scopes: ["contacts:read"] }, fetch),
      tool("change", signedIn("contacts:read"), { resource: UPSTREAM, scopes: ["contacts:write"] }, fetch),
      tool("audit", signedIn("contacts:read"), { resource: UPSTREAM, scopes: ["api:audit"] }, fetch),
      tool("everything", signedIn("contacts:read"), { resource: UPSTREAM, scopes: [] }, fetch),
    ],
  }),
});
