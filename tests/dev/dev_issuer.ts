import assert from "node:assert/strict";
import { createDevIssuer, type DevIssuer, type DevIssuerOptions } from "../../src/dev/issuer/issuer.ts";
import { NOW, RESOURCE } from "../test_issuer.ts";

export { RESOURCE } from "../test_issuer.ts";
/** Issuer identifier of {@linkcode devIssuer}. */
export const ISSUER = "http://localhost:8000/auth";
/** Redirect URI of {@linkcode register}, unless the metadata says otherwise. */
export const REDIRECT_URI = "http://127.0.0.1:33418/callback";

/** A clock that stands still until a test moves it. */
export function createClock(): { now: () => number; pass: (seconds: number) => void } {
  let time = NOW;
  return { now: () => time, pass: (seconds) => void (time += seconds * 1000) };
}

/** The development authorization server with two scopes; nothing of it leaves the process unless a test passes `fetch`. */
export function devIssuer(options: Partial<DevIssuerOptions> = {}): Promise<DevIssuer> {
  return createDevIssuer({
    issuer: ISSUER,
    resource: RESOURCE,
    scopes: { "notes:read": "See your notes", "profile:read": "Read your profile" },
    ...options,
  });
}

/** Posts something to the registration endpoint. */
export async function sendRegistration(
  { app }: DevIssuer,
  body: BodyInit,
  contentType = "application/json",
): Promise<Response> {
  return await app.request("/auth/register", {
    method: "POST",
    headers: { "content-type": contentType },
    body,
  });
}

/** Registers a client; a public native one unless the metadata says otherwise. */
export async function register(
  issuer: DevIssuer,
  metadata: Record<string, unknown> = {},
): Promise<Record<string, unknown> & { client_id: string }> {
  const client = {
    client_name: "Test app",
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: "none",
  };
  const response = await sendRegistration(issuer, JSON.stringify({ ...client, ...metadata }));
  assert.equal(response.status, 201, await response.clone().text());
  return await response.json();
}
