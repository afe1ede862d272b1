import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "@panva/jose";
import { describeOutcome, fetchJson } from "../net/fetch_json.ts";
import { discoverIssuer } from "./discovery.ts";
import { InvalidToken, IssuerUnavailable } from "./errors.ts";

/** The signing keys of one issuer, fetched when first needed and kept up to date. */
export interface IssuerKeys {
  /** Finds the key of a token, in the form jose asks for. */
  readonly find: JWTVerifyGetKey;
  /** Resolves when keys are at hand. @throws IssuerUnavailable otherwise. */
  ready(): Promise<void>;
}

/** A key that the issuer has withdrawn stops working after this time. */
const MAX_AGE_MS = 10 * 60_000;
/** Unknown key ids cause at most one fetch in this time, so that invented ones cannot be turned into load. */
const COOL_DOWN_MS = 30_000;
/** After a failure the issuer is left alone for this long. */
const RETRY_MS = 1_000;

/**
 * Makes the key source of one issuer: one fetch in flight, cool-down for unknown key ids, old keys kept while the
 * issuer cannot be reached.
 *
 * @param now Milliseconds since the epoch.
 */
export function createIssuerKeys(
  { issuer, fetch, now }: { issuer: string; fetch: typeof globalThis.fetch; now: () => number },
): IssuerKeys {
  let keys: JWTVerifyGetKey | undefined;
  let loadedAt = 0;
  let missedAt = -Infinity;
  let failure: { readonly at: number; readonly error: IssuerUnavailable } | undefined;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      const { jwksUri } = await discoverIssuer(issuer, fetch);
      const jwks = await fetchJson(jwksUri, fetch);
      if (jwks.kind !== "json") {
        throw new Error(`${jwksUri} answered ${describeOutcome(jwks)} instead of a JWK set.`);
      }
      keys = createLocalJWKSet(jwks.value as unknown as JSONWebKeySet);
      loadedAt = now();
      failure = undefined;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      failure = {
        at: now(),
        error: new IssuerUnavailable(`No keys from ${issuer}: ${reason}`, RETRY_MS / 1000, cause),
      };
      throw failure.error;
    }
  }

  function refresh(): Promise<void> {
    if (failure && now() - failure.at < RETRY_MS) return Promise.reject(failure.error);
    return loading ??= load().finally(() => loading = undefined);
  }

  async function ready(): Promise<void> {
    if (!keys) await refresh();
    else if (now() - loadedAt >= MAX_AGE_MS) await refresh().catch(() => {});
  }

  return {
    ready,
    async find(header, token) {
      await ready();
      try {
        return await keys!(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (!loading && now() - missedAt < COOL_DOWN_MS) throw unknownKey();
      }
      await refresh();
      missedAt = now();
      try {
        return await keys!(header, token);
      } catch (error) {
        throw error instanceof errors.JWKSNoMatchingKey ? unknownKey() : error;
      }
    },
  };
}

function unknownKey(): InvalidToken {
  return new InvalidToken("unknown_key", "The token is signed with a key that its issuer does not publish.");
}
