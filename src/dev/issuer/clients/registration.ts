import type { DatabaseSync } from "node:sqlite";
import {
  authenticationMethods,
  type Client,
  CLIENT_AUTHENTICATION_METHODS,
  clientKeys,
  type ClientMetadata,
  grantTypes,
  parseClientMetadata,
} from "./client.ts";
import type { ReadBody } from "../endpoints/body.ts";
import { createLimit, takeOne } from "../limit.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken, opaqueToken } from "../opaque_token.ts";

const MAX_REGISTRATIONS = 20_000;
const REGISTRATIONS_PER_MINUTE = 60;
const UNUSED_MS = 24 * 3_600_000;
const USED_MS = 90 * 24 * 3_600_000;

interface Registration {
  readonly id: string;
  readonly metadata: ClientMetadata;
  readonly secretHash?: string;
}

/** Dynamic registrations: kept for a day until first used, then for 90 days after each use (REG-05, AST-11). */
export interface RegistrationStore {
  /** The client registered under this id. */
  find(id: string): Client | undefined;
  /** The id of the public client with this metadata, which is then kept for at least another day. */
  renew(metadataHash: string): string | undefined;
  /** Adds a registration; when the store is full, the one that would expire first is deleted. */
  add(registration: Registration, metadataHash: string | undefined): void;
  /** Keeps the registration of a client that has just got tokens. */
  markUsed(id: string): void;
}

/** Keeps registrations in `dev_clients`. */
export function createRegistrationStore(database: DatabaseSync, now: () => number): RegistrationStore {
  const selectById = database.prepare(
    "SELECT metadata, secret_hash FROM dev_clients WHERE id = ? AND expires_at > ?",
  );
  const renewByHash = database.prepare(
    "UPDATE dev_clients SET expires_at = max(expires_at, ?) WHERE metadata_hash = ? AND expires_at > ? RETURNING id",
  );
  const insert = database.prepare(
    "INSERT INTO dev_clients (id, metadata, metadata_hash, secret_hash, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const extend = database.prepare("UPDATE dev_clients SET expires_at = ? WHERE id = ?");
  const deleteExpired = database.prepare("DELETE FROM dev_clients WHERE expires_at <= ?");
  const deleteFirstToExpire = database.prepare(
    "DELETE FROM dev_clients WHERE id = (SELECT id FROM dev_clients ORDER BY expires_at LIMIT 1)",
  );
  // Counted once: count(*) walks the whole index, and the cost of a registration must not grow with their number.
  let size = Number(database.prepare("SELECT count(*) AS size FROM dev_clients").get()?.size);

  return {
    find(id) {
      const row = selectById.get(id, now());
      if (row === undefined) return undefined;
      const metadata = JSON.parse(String(row.metadata)) as ClientMetadata;
      return registeredClient({
        id,
        metadata,
        ...(row.secret_hash !== null && { secretHash: String(row.secret_hash) }),
      });
    },
    renew(metadataHash) {
      const row = renewByHash.get(now() + UNUSED_MS, metadataHash, now());
      return row === undefined ? undefined : String(row.id);
    },
    add({ id, metadata, secretHash }, metadataHash) {
      size -= Number(deleteExpired.run(now()).changes);
      if (size >= MAX_REGISTRATIONS) size -= Number(deleteFirstToExpire.run().changes);
      insert.run(id, JSON.stringify(metadata), metadataHash ?? null, secretHash ?? null, now() + UNUSED_MS);
      size++;
    },
    markUsed(id) {
      extend.run(now() + USED_MS, id);
    },
  };
}

function registeredClient({ id, metadata, secretHash }: Registration): Client {
  return {
    id,
    name: metadata.client_name ?? "",
    redirectUris: metadata.redirect_uris,
    authenticationMethods: authenticationMethods(
      [metadata.token_endpoint_auth_method ?? "client_secret_basic"],
      CLIENT_AUTHENTICATION_METHODS,
    ),
    grantTypes: grantTypes(metadata),
    ...clientKeys(metadata),
    ...(secretHash !== undefined && { secretHash }),
  };
}

/**
 * The registration endpoint (RFC 7591 §3). The same metadata gives a public client the same `client_id` again, so that
 * hosts which register at every start do not pile up. A client with a secret is always new: a secret is shown once.
 */
export function createRegistration(
  { store, body, now }: { store: RegistrationStore; body: ReadBody; now: () => number },
): (request: Request, address: string | undefined) => Promise<Response> {
  const limit = createLimit(REGISTRATIONS_PER_MINUTE, 60, now);
  return async function registration(request, address) {
    takeOne(limit, address);
    const metadata = withDefaults(parseClientMetadata(await body.json(request)));
    const isConfidential = metadata.token_endpoint_auth_method?.startsWith("client_secret_");
    const secret = isConfidential ? opaqueToken() : undefined;
    const hash = secret === undefined ? hashToken(JSON.stringify(metadata)) : undefined;
    const knownId = hash === undefined ? undefined : store.renew(hash);
    const id = knownId ?? crypto.randomUUID();
    if (knownId === undefined) {
      store.add({ id, metadata, ...(secret !== undefined && { secretHash: hashToken(secret) }) }, hash);
    }
    const issued = secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 };
    return Response.json({ client_id: id, ...issued, ...metadata }, {
      status: 201,
      headers: { "cache-control": "no-store" },
    });
  };
}

/** The metadata as registered: with defaults (REG-04), and only the grant and response types that this server has. */
function withDefaults(metadata: ClientMetadata): ClientMetadata {
  const method = metadata.token_endpoint_auth_method ?? "client_secret_basic";
  authenticationMethods([method], CLIENT_AUTHENTICATION_METHODS);
  if (method === "private_key_jwt" && clientKeys(metadata).keys === undefined) {
    throw new OAuthError("invalid_client_metadata", "private_key_jwt needs jwks or jwks_uri.");
  }
  return {
    ...metadata,
    token_endpoint_auth_method: method,
    grant_types: grantTypes(metadata),
    response_types: ["code"],
  };
}
