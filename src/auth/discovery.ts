import { describeOutcome, fetchJson } from "../net/fetch_json.ts";
import { isLoopback } from "../net/loopback.ts";

/** What we need to know of an authorization server. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
}

/**
 * Fetches the metadata of an issuer: RFC 8414 with the well-known part inserted before the path, then OpenID
 * Connect Discovery inserted, then appended.
 *
 * @throws Error with a sentence for the operator when no document is found, or when the document names another
 * issuer (RFC 8414 section 3.3: the strings must be identical).
 */
export async function discoverIssuer(
  issuer: string,
  fetch: typeof globalThis.fetch,
): Promise<IssuerMetadata> {
  const tried: string[] = [];
  for (const url of metadataUrls(issuer)) {
    const outcome = await fetchJson(url, fetch);
    if (outcome.kind === "json") return check(issuer, url, outcome.value);
    tried.push(`${url} (${describeOutcome(outcome)})`);
  }
  throw new Error(
    `No metadata for ${issuer}: tried ${
      tried.join(", ")
    }. Check AUTHORIZATION_SERVER_URL and that the server runs.`,
  );
}

function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}

function check(issuer: string, url: string, metadata: Record<string, unknown>): IssuerMetadata {
  const stated = metadata["issuer"];
  if (stated !== issuer) {
    const slash = typeof stated === "string" && stated.replace(/\/$/, "") === issuer.replace(/\/$/, "");
    throw new Error(
      slash
        ? `${url} states the issuer ${stated}, which differs from ${issuer} only by a trailing slash. Set AUTHORIZATION_SERVER_URL=${stated}`
        : `${url} states the issuer ${
          JSON.stringify(stated)
        } instead of ${issuer}. Set AUTHORIZATION_SERVER_URL to the issuer exactly as the server states it.`,
    );
  }
  const jwksUri = metadata["jwks_uri"];
  if (typeof jwksUri !== "string" || !isSecure(jwksUri)) {
    throw new Error(`${url} has no usable jwks_uri: it must be an https URL (http only on loopback).`);
  }
  return { issuer, jwksUri };
}

function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
