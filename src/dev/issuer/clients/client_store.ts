import type { DatabaseSync } from "node:sqlite";
import type { ClientMetadata } from "./client_metadata.ts";

const UNUSED_MS = 24 * 3_600_000;
const USED_MS = 90 * 24 * 3_600_000;

/** A dynamic registration. */
export interface Registration {
  readonly id: string;
  readonly metadata: ClientMetadata;
  readonly secretHash?: string;
}

/** Dynamic registrations: kept a day until first used, then 90 days from each use (REG-05, AST-11). */
export interface ClientStore {
  find(id: string): Registration | undefined;
  /** The id of the public client that registered metadata with this hash before; it is kept a day more at least. */
  again(metadataHash: string): string | undefined;
  /** Adds a registration; beyond the cap the one that would expire first makes room. */
  add(registration: Registration, metadataHash: string | undefined): void;
  /** Notes that the client completed a sign-in or refresh. */
  used(id: string): void;
}

/** Keeps at most `cap` registrations in `dev_clients`. */
export function createClientStore(database: DatabaseSync, cap: number, now: () => number): ClientStore {
  const selectById = database.prepare(
    "SELECT metadata, secret_hash FROM dev_clients WHERE id = ? AND expires_at > ?",
  );
  const renew = database.prepare(
    "UPDATE dev_clients SET expires_at = max(expires_at, ?) WHERE metadata_hash = ? AND expires_at > ? RETURNING id",
  );
  const insert = database.prepare(
    "INSERT INTO dev_clients (id, metadata, metadata_hash, secret_hash, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const extend = database.prepare("UPDATE dev_clients SET expires_at = ? WHERE id = ?");
  const purge = database.prepare("DELETE FROM dev_clients WHERE expires_at <= ?");
  const evict = database.prepare(
    "DELETE FROM dev_clients WHERE id = (SELECT id FROM dev_clients ORDER BY expires_at LIMIT 1)",
  );
  // Counted once: count(*) walks the whole index, and registration must stay flat.
  let size = Number(database.prepare("SELECT count(*) AS size FROM dev_clients").get()?.size);

  return {
    find(id) {
      const row = selectById.get(id, now());
      if (row === undefined) return undefined;
      const metadata = JSON.parse(String(row.metadata)) as ClientMetadata;
      return { id, metadata, ...(row.secret_hash !== null && { secretHash: String(row.secret_hash) }) };
    },
    again(metadataHash) {
      const row = renew.get(now() + UNUSED_MS, metadataHash, now());
      return row === undefined ? undefined : String(row.id);
    },
    add({ id, metadata, secretHash }, metadataHash) {
      size -= Number(purge.run(now()).changes);
      if (size >= cap) size -= Number(evict.run().changes);
      insert.run(id, JSON.stringify(metadata), metadataHash ?? null, secretHash ?? null, now() + UNUSED_MS);
      size++;
    },
    used(id) {
      extend.run(now() + USED_MS, id);
    },
  };
}
