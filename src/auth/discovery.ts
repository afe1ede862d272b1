import { describeOutcome, fetchJson } from "../net/fetch_json.ts";
import { shown } from "../net/shown.ts";
import { isLoopback } from "../net/loopback.ts";
import { IssuerUnavailable } from "./errors.ts";

/** What we need to know of an authorization server. */
interface IssuerMetadata {
  readonly jwksUri: string;
  /** Undefined when the metadata names none that is safe to send secrets to. */
  readonly tokenEndpoint: string | undefined;
}

/**
 * Fetches the metadata of an issuer: RFC 8414 with the well-known part inserted before the path, then OpenID
 * Connect Discovery inserted, then appended.
 *
 * @throws IssuerUnavailable when no document is found, or when the document names another issuer (RFC 8414 section
 * 3.3: the strings must be identical) or no keys.
 */
export async function discoverIssuer(
  issuer: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<IssuerMetadata> {
  const tried: string[] = [];
  for (const url of metadataUrls(issuer)) {
    const outcome = await fetchJson(url, fetch, { signal });
    if (outcome.kind === "json") return check(issuer, url, outcome.value);
    tried.push(`${url} (${describeOutcome(outcome)})`);
  }
  throw new IssuerUnavailable("no_metadata", `No metadata for ${issuer}: tried ${tried.join(", ")}.`);
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

function check(issuer: string, url: string, metadata: Readonly<Record<string, unknown>>): IssuerMetadata {
  const { issuer: stated, jwks_uri: jwksUri, token_endpoint: tokenEndpoint } = metadata;
  if (stated !== issuer) throw otherIssuer(issuer, url, stated);
  if (typeof jwksUri !== "string" || !isSecure(jwksUri)) {
    throw new IssuerUnavailable(
      "no_keys",
      `${url} has no usable jwks_uri: it must be an https URL (http only on loopback).`,
    );
  }
  const isUsable = typeof tokenEndpoint === "string" && isSecure(tokenEndpoint);
  return { jwksUri, tokenEndpoint: isUsable ? tokenEndpoint : undefined };
}

function otherIssuer(issuer: string, url: string, stated: unknown): IssuerUnavailable {
  if (typeof stated === "string" && stated.replace(/\/$/, "") === issuer.replace(/\/$/, "")) {
    return new IssuerUnavailable(
      "issuer_slash",
      `${url} states the issuer ${stated}, which differs from ${issuer} only by a trailing slash.`,
      { statedIssuer: stated },
    );
  }
  return new IssuerUnavailable(
    "other_issuer",
    `${url} states the issuer ${shown(JSON.stringify(stated))} instead of ${issuer}.`,
  );
}

function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
