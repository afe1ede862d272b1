import type { DatabaseSync } from "node:sqlite";
import { hashToken, opaqueToken, sameSecret } from "../opaque_token.ts";

const LIFETIME_MS = 10 * 60_000;

/** A checked authorization request that waits for the person's decision. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
}

/** What a decision must present: the form's two hidden fields and the cookie of the browser that began (ASA-09). */
export interface RequestTicket {
  readonly id: string;
  readonly csrf: string;
  readonly browser: string;
}

/** Authorization requests between the consent page and its answer; each is answered once, within ten minutes. */
export interface RequestStore {
  /** Stores a request for the browser with this cookie value. */
  begin(request: AuthorizationRequest, browser: string): RequestTicket;
  /** The request of a ticket; `undefined` when it is unknown, expired, answered, or of another browser. */
  find(ticket: RequestTicket): AuthorizationRequest | undefined;
  /** Ends the request. */
  end(id: string): void;
}

/** Keeps requests in `dev_requests`. */
export function createRequestStore(database: DatabaseSync, now: () => number): RequestStore {
  const purge = database.prepare("DELETE FROM dev_requests WHERE expires_at <= ?");
  const insert = database.prepare(
    "INSERT INTO dev_requests (id, browser_hash, csrf_hash, request, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const select = database.prepare(
    "SELECT browser_hash, csrf_hash, request FROM dev_requests WHERE id = ? AND expires_at > ?",
  );
  const remove = database.prepare("DELETE FROM dev_requests WHERE id = ?");

  return {
    begin(request, browser) {
      const ticket = { id: opaqueToken(), csrf: opaqueToken(), browser };
      purge.run(now());
      insert.run(
        ticket.id,
        hashToken(browser),
        hashToken(ticket.csrf),
        JSON.stringify(request),
        now() + LIFETIME_MS,
      );
      return ticket;
    },
    find(ticket) {
      const row = select.get(ticket.id, now());
      if (row === undefined) return undefined;
      if (!sameSecret(String(row.browser_hash), hashToken(ticket.browser))) return undefined;
      if (!sameSecret(String(row.csrf_hash), hashToken(ticket.csrf))) return undefined;
      return JSON.parse(String(row.request)) as AuthorizationRequest;
    },
    end(id) {
      remove.run(id);
    },
  };
}
