import assert from "node:assert/strict";
import type { DevIssuer, DevIssuerOptions } from "../../src/dev/issuer/issuer.ts";
import { assertErrorPage } from "./assert_error.ts";
import { authorize } from "./flow.ts";
import { REDIRECT_URI } from "./dev_issuer.ts";

/** A client that is described by a document. */
export const CLIENT_ID = "https://app.example/client.json";
/** Its document. */
export const DOCUMENT = {
  client_id: CLIENT_ID,
  client_name: "Documented app",
  redirect_uris: [REDIRECT_URI],
};

/** An internet of given answers, which notes what was fetched. */
export function internet(pages: Record<string, unknown>): {
  fetched: string[];
  options: Pick<DevIssuerOptions, "fetch" | "resolve">;
} {
  const fetched: string[] = [];
  const answer: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    fetched.push(url);
    assert.equal(init?.redirect, "manual");
    const page = pages[url];
    if (page === undefined) return Promise.reject(new TypeError("connection refused by 10.1.2.3"));
    return Promise.resolve(page instanceof Response ? page.clone() : Response.json(page));
  };
  return { fetched, options: { fetch: answer, resolve: () => Promise.resolve(["93.184.215.14"]) } };
}

/** Asserts that sign-in for this client ends on an error page that matches. */
export async function assertRefused(issuer: DevIssuer, clientId: string, reason: RegExp): Promise<void> {
  await assertErrorPage(await authorize(issuer, clientId), reason);
}
