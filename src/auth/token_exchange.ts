import { withDeadline } from "../net/deadline.ts";
import { describeOutcome, fetchJson, type JsonOutcome } from "../net/fetch_json.ts";
import { basicCredentials } from "./basic_credentials.ts";
import { discoverIssuer } from "./discovery.ts";
import { ExchangeRefused, IssuerUnavailable } from "./errors.ts";
import type { Principal } from "./principal.ts";
import { createMemory, sha256 } from "./token_cache.ts";

/** The API that a token is for, in the one way that its issuer knows it by, and what the token shall allow there. */
export type UpstreamTarget =
  & { readonly scopes: readonly string[] }
  & (
    /** Its absolute URL (RFC 8707). */
    | { readonly resource: string; readonly audience?: never }
    /** Its name at the issuer. */
    | { readonly audience: string; readonly resource?: never }
  );

/** A token for an upstream API on behalf of the caller. */
export interface UpstreamToken {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** What was granted, which may be less than was asked for. */
  readonly scopes: readonly string[];
}

/**
 * Exchanges the token of a caller for one that an upstream API accepts.
 *
 * @throws ExchangeRefused when the issuer gives none, IssuerUnavailable when it cannot be asked.
 */
export type TokenExchange = (
  callerToken: string,
  principal: Principal,
  target: UpstreamTarget,
) => Promise<UpstreamToken>;

/** Where and as whom tokens are exchanged. */
export interface TokenExchangeOptions {
  /** The only issuer whose tokens are exchanged: our secret and its tokens are for nobody else. */
  readonly issuer: string;
  /** The token endpoint; by default the one in the issuer's metadata. */
  readonly url?: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Says what the operator can do about an outage. */
  readonly hint: (outage: IssuerUnavailable) => string;
  /** Told why an exchange gave no token, in words for the operator that hold neither tokens nor secrets. */
  readonly onFailure: (reason: string) => void;
  /** For metadata and exchange together. */
  readonly timeLimitMs?: number;
}

const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const ISSUED_TYPES: readonly unknown[] = [ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt", undefined];

/** What a header can carry. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
/** In characters. */
const MAX_SCOPE = 16_384;
const MAX_TOKENS = 2_000;
/** A token is not given out again when it is about to expire: the upstream API must still get it in time. */
const MARGIN_MS = 30_000;
/** Of a token whose answer does not say how long it lives (RFC 6749 section 5.1 leaves that open). */
const UNSTATED_LIFETIME_SECONDS = 60;
const TIME_LIMIT_MS = 8_000;

/** These errors say that our client is at fault, not the caller (RFC 6749 section 5.2). */
const CLIENT_ERRORS = ["invalid_client", "unauthorized_client", "unsupported_grant_type"];
const OUTAGES = ["server_error", "temporarily_unavailable", "slow_down"];

/**
 * Makes the exchange of tokens at an issuer (RFC 8693). The caller's token goes to the issuer's token endpoint and to
 * nobody else. What comes back is kept until shortly before it expires, and never past the caller's token: it is found
 * again only with the same token, so a caller whose new token allows less does not get what an older one did.
 */
export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  const { issuer, url, fetch, now, hint, onFailure, timeLimitMs = TIME_LIMIT_MS } = options;
  const headers = { accept: "application/json", authorization: basicCredentials(options) };
  const issued = createMemory<UpstreamToken>(MAX_TOKENS, now);
  let endpoint: Promise<string> | undefined;

  const timeUp = () =>
    new IssuerUnavailable("timeout", `${issuer} took longer than ${timeLimitMs / 1000} seconds.`);

  async function ask(callerToken: string, target: UpstreamTarget): Promise<UpstreamToken> {
    try {
      return await withDeadline(timeLimitMs, timeUp, async ({ signal }) => {
        endpoint ??= url === undefined ? discover(signal) : Promise.resolve(url);
        const body = form(callerToken, target);
        const answer = { method: "POST", headers, body, signal, readErrors: true };
        return read(await fetchJson(await endpoint, fetch, answer), target);
      });
    } catch (error) {
      if (error instanceof ExchangeRefused) onFailure(error.message);
      if (error instanceof IssuerUnavailable) {
        // The issuer may have moved it.
        endpoint = undefined;
        onFailure(`${error.message} ${hint(error)}`.trimEnd());
      }
      throw error;
    }
  }

  async function discover(signal: AbortSignal): Promise<string> {
    const { tokenEndpoint } = await discoverIssuer(issuer, fetch, signal);
    if (tokenEndpoint !== undefined) return tokenEndpoint;
    throw new IssuerUnavailable(
      "no_token_endpoint",
      `The metadata of ${issuer} has no usable token_endpoint.`,
    );
  }

  function read(outcome: JsonOutcome, target: UpstreamTarget): UpstreamToken {
    if (outcome.kind !== "json") throw asFailure(issuer, outcome, target);
    const { access_token, token_type, issued_token_type, expires_in, scope = "" } = outcome.value;
    const isUsable = typeof access_token === "string" && TOKEN.test(access_token) &&
      typeof scope === "string" && scope.length <= MAX_SCOPE &&
      String(token_type).toLowerCase() === "bearer" && ISSUED_TYPES.includes(issued_token_type);
    if (!isUsable) {
      throw new IssuerUnavailable(
        "no_exchange",
        `${issuer} answered an exchange without a bearer access token.`,
      );
    }
    const seconds = expires_in === undefined ? UNSTATED_LIFETIME_SECONDS : Number(expires_in);
    return Object.freeze({
      accessToken: access_token,
      expiresAt: now() + (seconds > 0 ? seconds * 1000 : 0),
      // Left out, it is what was asked for (RFC 8693 section 2.2.1).
      scopes: scope === "" ? [...target.scopes] : scope.split(" ").filter(Boolean),
    });
  }

  return async function exchange(callerToken, principal, target) {
    if (principal.issuer !== issuer) {
      throw new ExchangeRefused("other_issuer", `Only tokens of ${issuer} are exchanged.`);
    }
    const { resource, audience, scopes } = target;
    const key = sha256(
      JSON.stringify([callerToken, resource ?? null, audience ?? null, [...scopes].sort()]),
    );
    return issued.get(key) ?? await issued.share(key, async () => {
      const token = await ask(callerToken, target);
      issued.set(key, token, Math.min(token.expiresAt - MARGIN_MS, principal.expiresAt * 1000));
      return token;
    });
  };
}

function form(callerToken: string, { resource, audience, scopes }: UpstreamTarget): URLSearchParams {
  return new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: callerToken,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: ACCESS_TOKEN,
    ...(resource !== undefined && { resource }),
    ...(audience !== undefined && { audience }),
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
  });
}

/** Tells an outage from a refusal. The issuer's own words are left out: they may name people, or repeat what was sent. */
function asFailure(
  issuer: string,
  outcome: Exclude<JsonOutcome, { kind: "json" }>,
  { resource, audience }: UpstreamTarget,
): Error {
  const [status, error] = outcome.kind === "status"
    ? [outcome.status, outcome.value?.["error"]]
    : [0, undefined];
  const code = typeof error === "string" && /^[a-z_]{1,50}$/.test(error) ? error : undefined;
  const words = `${issuer} answered ${code ?? describeOutcome(outcome)} to an exchange for ${
    resource ?? audience
  }.`;
  if (code === undefined ? status === 401 : CLIENT_ERRORS.includes(code)) {
    return new IssuerUnavailable("exchange_refused", words);
  }
  if (code === undefined || status === 429 || OUTAGES.includes(code)) {
    return new IssuerUnavailable("no_exchange", words);
  }
  return new ExchangeRefused(code, words);
}
