import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from "@panva/jose";
import type { DatabaseSync } from "node:sqlite";
import { transaction } from "../database.ts";

/** JWS algorithms the issuer can sign with (RFC 7518 §3.1). */
export type SigningAlgorithm = "ES256" | "RS256";

/** A private key and the public half that the JWKS shows. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK & { readonly kid: string; readonly alg: SigningAlgorithm };
}

/** The issuer's keys, kept in `dev_keys` so that tokens outlive a restart. */
export interface SigningKeys {
  /** The key that signs now. */
  current(): SigningKey;
  /** Public keys of the JWKS: the current one and those whose tokens may still be valid (AS-10). */
  published(): JWK[];
  /** Replaces the current key; the old one stays published until its tokens have expired. */
  rotate(): Promise<void>;
}

/** A new key pair; its `kid` is the RFC 7638 thumbprint. */
export async function generateSigningKey(alg: SigningAlgorithm): Promise<SigningKey & { privateJwk: JWK }> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    privateKey: pair.privateKey,
    privateJwk: await exportJWK(pair.privateKey),
    publicJwk: { ...publicJwk, kid, alg, use: "sig" },
  };
}

/** Loads the keys of `dev_keys`, or generates the first one. A retired key stays published for `tokenLifetimeMs`. */
export async function openSigningKeys(
  database: DatabaseSync,
  alg: SigningAlgorithm,
  tokenLifetimeMs: number,
  now: () => number,
): Promise<SigningKeys> {
  const select = database.prepare(
    "SELECT kid, alg, private_jwk, retired_at FROM dev_keys ORDER BY created_at DESC",
  );
  const retire = database.prepare("UPDATE dev_keys SET retired_at = ? WHERE retired_at IS NULL");
  const purge = database.prepare("DELETE FROM dev_keys WHERE retired_at <= ?");
  const insert = database.prepare(
    "INSERT INTO dev_keys (kid, alg, private_jwk, created_at) VALUES (?, ?, ?, ?)",
  );
  let retired: { publicJwk: JWK; until: number }[] = [];
  let current: SigningKey | undefined;

  for (const row of select.all()) {
    const jwk = JSON.parse(String(row.private_jwk)) as JWK;
    const publicJwk = {
      ...publicMembers(jwk),
      kid: String(row.kid),
      alg: row.alg as SigningAlgorithm,
      use: "sig",
    };
    if (row.retired_at === null && row.alg === alg) {
      current = { publicJwk, privateKey: await importJWK(jwk, alg) as CryptoKey };
    } else {
      retired.push({ publicJwk, until: Number(row.retired_at ?? now()) + tokenLifetimeMs });
    }
  }

  async function replace(): Promise<SigningKey> {
    const next = await generateSigningKey(alg);
    transaction(database, () => {
      purge.run(now() - tokenLifetimeMs);
      retire.run(now());
      insert.run(next.publicJwk.kid, alg, JSON.stringify(next.privateJwk), now());
    });
    return next;
  }

  let key = current ?? await replace();
  return {
    current: () => key,
    published() {
      retired = retired.filter(({ until }) => until > now());
      return [key.publicJwk, ...retired.map(({ publicJwk }) => publicJwk)];
    },
    async rotate() {
      const next = await replace();
      retired.push({ publicJwk: key.publicJwk, until: now() + tokenLifetimeMs });
      key = next;
    },
  };
}

/** Only public members, by allow-list: a JWK can hold more private ones than `d`. */
function publicMembers({ kty, crv, x, y, n, e }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  ) as JWK;
}
