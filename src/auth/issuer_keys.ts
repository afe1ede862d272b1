import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "@panva/jose";
import { withDeadline } from "../net/deadline.ts";
import { describeOutcome, fetchJson } from "../net/fetch_json.ts";
import { discoverIssuer } from "./discovery.ts";
import { InvalidToken, IssuerUnavailable } from "./errors.ts";

/** The signing keys of one issuer, fetched when first needed and kept up to date. */
export interface IssuerKeys {
  /** Finds the key of a token, in the form jose asks for. */
  readonly find: JWTVerifyGetKey;
  /** Resolves when keys are at hand. @throws IssuerUnavailable otherwise. */
  ready(): Promise<void>;
  /** Why the last fetch failed or brought no key, if so; keys that were fetched before a failure go on working. */
  failure(): IssuerUnavailable | undefined;
}

/** Which issuer, and how to reach it. */
export interface IssuerKeysOptions {
  readonly issuer: string;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** For metadata and keys together. */
  readonly timeLimitMs?: number;
}

/** Older keys are refreshed in the background, and go on working meanwhile. */
const REFRESH_AFTER_MS = 10 * 60_000;
/**
 * Keys that nobody has tried to refresh for this long, since no token came, are refreshed before they are used: a key
 * that the issuer has withdrawn stops working after this time, as long as the issuer answers.
 */
const MAX_AGE_MS = 15 * 60_000;
/** Unknown key ids cause at most one fetch in this time, so that invented ones cannot be turned into load. */
const COOL_DOWN_MS = 30_000;
/** After a failure the issuer is left alone for this long. */
const RETRY_MS = 1_000;
const TIME_LIMIT_MS = 8_000;

/**
 * Makes the key source of one issuer: one fetch in flight, cool-down for unknown key ids, old keys kept while the
 * issuer cannot be reached.
 */
export function createIssuerKeys(
  { issuer, fetch, now, timeLimitMs = TIME_LIMIT_MS }: IssuerKeysOptions,
): IssuerKeys {
  let keys: JWTVerifyGetKey | undefined;
  let ids: ReadonlySet<unknown> = new Set();
  let loadedAt = 0;
  let missedAt = -Infinity;
  let failure: { readonly at: number; readonly error: IssuerUnavailable } | undefined;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      const jwks = await withDeadline(timeLimitMs, timeUp, ({ signal }) => fetchKeys(issuer, fetch, signal));
      keys = createLocalJWKSet(jwks);
      ids = new Set(jwks.keys.map(({ kid }) => kid));
      loadedAt = now();
      failure = undefined;
    } catch (cause) {
      failure = { at: now(), error: asOutage(issuer, cause) };
      throw failure.error;
    }
  }

  function refresh(): Promise<void> {
    if (failure && now() - failure.at < RETRY_MS) return Promise.reject(failure.error);
    return loading ??= load().finally(() => loading = undefined);
  }

  async function ready(): Promise<void> {
    if (!keys) return await refresh();
    if (now() - loadedAt < REFRESH_AFTER_MS) return;
    // A failure is kept for /ready, and old keys are better than none.
    const refreshed = refresh().catch(() => {});
    if (now() - Math.max(loadedAt, failure?.at ?? 0) >= MAX_AGE_MS) await refreshed;
  }

  /** @throws InvalidToken when there is no such key. */
  async function lookUp(...[header, token]: Parameters<JWTVerifyGetKey>) {
    const { kid, alg } = header;
    const unknown = () => {
      const text = "The token is signed with a key that its issuer does not publish.";
      return new InvalidToken("unknown_key", text, { issuer, kid, alg });
    };
    // Invented ids come in floods: jose would make an error for each, which costs as much as the rest of its work.
    if (kid !== undefined && !ids.has(kid)) throw unknown();
    try {
      return await keys!(header, token);
    } catch (error) {
      throw error instanceof errors.JWKSNoMatchingKey ? unknown() : error;
    }
  }

  const timeUp = () =>
    new IssuerUnavailable("timeout", `${issuer} took longer than ${timeLimitMs / 1000} seconds.`);

  return {
    ready,
    failure: () =>
      failure?.error ??
        (keys && ids.size === 0
          ? new IssuerUnavailable("no_keys", `${issuer} publishes an empty JWK set.`)
          : undefined),
    async find(header, token) {
      await ready();
      try {
        return await lookUp(header, token);
      } catch (error) {
        const isLeftAlone = !loading && now() - missedAt < COOL_DOWN_MS;
        if (!(error instanceof InvalidToken) || isLeftAlone) throw error;
      }
      await refresh();
      missedAt = now();
      return await lookUp(header, token);
    },
  };
}

async function fetchKeys(
  issuer: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<JSONWebKeySet> {
  const { jwksUri } = await discoverIssuer(issuer, fetch, signal);
  const jwks = await fetchJson(jwksUri, fetch, { signal });
  if (jwks.kind !== "json") {
    throw new IssuerUnavailable(
      "no_keys",
      `No keys from ${issuer}: ${jwksUri} answered ${describeOutcome(jwks)} instead of a JWK set.`,
    );
  }
  return jwks.value as unknown as JSONWebKeySet;
}

function asOutage(issuer: string, cause: unknown): IssuerUnavailable {
  if (cause instanceof IssuerUnavailable) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new IssuerUnavailable("no_keys", `No keys from ${issuer}: ${reason}`, { cause });
}
