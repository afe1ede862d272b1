import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { transaction } from "../database.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken, opaqueToken } from "../opaque_token.ts";
import type { Person } from "../people.ts";

const CODE_MS = 60_000;
const REFRESH_MS = 30 * 24 * 3_600_000;
/** Longer than any access token issued with the code, for grants without a refresh token. */
const UNREFRESHED_GRANT_MS = 24 * 3_600_000;
/** A client that lost the response may send the same refresh token again for this long. */
const RETRY_MS = 30_000;

/** What a person allowed a client to do. Deleting it ends every code and token that came from it. */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly person: Person;
  readonly scopes: readonly string[];
  readonly resource: string;
  /** Milliseconds since the epoch. */
  readonly signedInAt: number;
  readonly nonce?: string;
}

/** What a code is bound to besides its grant (ASA-13). */
export interface CodeBinding {
  readonly redirectUri: string;
  readonly codeChallenge: string;
}

/** Grants with their codes and refresh tokens. Each `check` runs inside the transaction: when it throws, nothing changes. */
export interface GrantStore {
  /** Stores a new grant and returns its code, good for 60 seconds. */
  add(grant: Omit<Grant, "id" | "signedInAt">, binding: CodeBinding): string;
  /** Redeems a code once; a second attempt revokes the grant (ASA-14). Throws `invalid_grant`. */
  redeem(code: string, check: (grant: Grant, binding: CodeBinding) => void): Grant;
  /** Issues the first refresh token of a grant. */
  issueRefreshToken(grantId: string): string;
  /** Replaces a refresh token by its successor; reuse after the retry window revokes the grant (AST-10). Throws `invalid_grant`. */
  rotate(refreshToken: string, check: (grant: Grant) => void): { grant: Grant; refreshToken: string };
  /** The grant that a refresh token belongs to. */
  findByRefreshToken(refreshToken: string): Grant | undefined;
  /** The grant with this id, until it expires or is revoked. */
  find(id: string): Grant | undefined;
  /** Whether somebody has consented to this client, and that grant still exists. */
  existFor(clientId: string): boolean;
  /** Ends a grant and everything issued from it. */
  revoke(id: string): void;
}

/** Keeps grants in `dev_grants`, `dev_codes` and `dev_refresh_tokens`; codes and tokens only as hashes. */
export function createGrantStore(database: DatabaseSync, now: () => number): GrantStore {
  const deleteExpiredGrants = database.prepare("DELETE FROM dev_grants WHERE expires_at <= ?");
  const deleteExpiredTokens = database.prepare("DELETE FROM dev_refresh_tokens WHERE expires_at <= ?");
  const insertGrant = database.prepare("INSERT INTO dev_grants (id, body, expires_at) VALUES (?, ?, ?)");
  const selectGrant = database.prepare("SELECT body FROM dev_grants WHERE id = ? AND expires_at > ?");
  const selectClient = database.prepare(
    "SELECT 1 FROM dev_grants WHERE client_id = ? AND expires_at > ? LIMIT 1",
  );
  const extendGrant = database.prepare("UPDATE dev_grants SET expires_at = ? WHERE id = ?");
  const deleteGrant = database.prepare("DELETE FROM dev_grants WHERE id = ?");
  const insertCode = database.prepare(
    "INSERT INTO dev_codes (hash, grant_id, redirect_uri, code_challenge, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const selectCode = database.prepare(
    `SELECT body, redirect_uri, code_challenge, code.expires_at, redeemed_at
     FROM dev_codes AS code JOIN dev_grants ON id = grant_id WHERE hash = ?`,
  );
  const redeemCode = database.prepare("UPDATE dev_codes SET redeemed_at = ? WHERE hash = ?");
  const insertToken = database.prepare(
    "INSERT INTO dev_refresh_tokens (hash, grant_id, expires_at) VALUES (?, ?, ?)",
  );
  const selectToken = database.prepare(
    `SELECT body, rotated_at FROM dev_refresh_tokens AS token JOIN dev_grants ON id = grant_id
     WHERE hash = ? AND token.expires_at > ?`,
  );
  const rotateToken = database.prepare("UPDATE dev_refresh_tokens SET rotated_at = ? WHERE hash = ?");

  function issueRefreshToken(grantId: string): string {
    const refreshToken = opaqueToken();
    insertToken.run(hashToken(refreshToken), grantId, now() + REFRESH_MS);
    extendGrant.run(now() + REFRESH_MS, grantId);
    return refreshToken;
  }

  return {
    issueRefreshToken,
    add(granted, binding) {
      const grant: Grant = { ...granted, id: opaqueToken(), signedInAt: now() };
      const code = opaqueToken();
      return transaction(database, () => {
        deleteExpiredGrants.run(now());
        insertGrant.run(grant.id, JSON.stringify(grant), now() + UNREFRESHED_GRANT_MS);
        const { redirectUri, codeChallenge } = binding;
        insertCode.run(hashToken(code), grant.id, redirectUri, codeChallenge, now() + CODE_MS);
        return code;
      });
    },
    redeem(code, check) {
      const redeemed = transaction(database, () => {
        const row = selectCode.get(hashToken(code));
        if (row === undefined) return undefined;
        const grant = grantOf(row);
        if (row.redeemed_at !== null) return void deleteGrant.run(grant.id);
        if (Number(row.expires_at) <= now()) return undefined;
        check(grant, { redirectUri: String(row.redirect_uri), codeChallenge: String(row.code_challenge) });
        redeemCode.run(now(), hashToken(code));
        return grant;
      });
      if (redeemed === undefined) {
        throw new OAuthError("invalid_grant", "The code is unknown, used or expired.");
      }
      return redeemed;
    },
    rotate(refreshToken, check) {
      const rotated = transaction(database, () => {
        const row = selectToken.get(hashToken(refreshToken), now());
        if (row === undefined) return undefined;
        const grant = grantOf(row);
        const reused = row.rotated_at !== null && now() - Number(row.rotated_at) > RETRY_MS;
        if (reused) return void deleteGrant.run(grant.id);
        check(grant);
        if (row.rotated_at === null) rotateToken.run(now(), hashToken(refreshToken));
        deleteExpiredTokens.run(now());
        return { grant, refreshToken: issueRefreshToken(grant.id) };
      });
      if (rotated === undefined) {
        throw new OAuthError("invalid_grant", "The refresh token is unknown, used, revoked or expired.");
      }
      return rotated;
    },
    findByRefreshToken(refreshToken) {
      const row = selectToken.get(hashToken(refreshToken), now());
      return row === undefined ? undefined : grantOf(row);
    },
    find(id) {
      const row = selectGrant.get(id, now());
      return row === undefined ? undefined : grantOf(row);
    },
    existFor(clientId) {
      return selectClient.get(clientId, now()) !== undefined;
    },
    revoke(id) {
      deleteGrant.run(id);
    },
  };
}

function grantOf(row: Record<string, SQLOutputValue>): Grant {
  return JSON.parse(String(row.body)) as Grant;
}
