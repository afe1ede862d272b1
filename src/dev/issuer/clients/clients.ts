import type { DatabaseSync } from "node:sqlite";
import { createClientAssertionVerifier } from "./client_assertion.ts";
import type { FindClient } from "./client.ts";
import { type AuthenticateClient, createClientAuthentication } from "./client_authentication.ts";
import { createClientDocuments } from "./client_documents.ts";
import { isClientIdUrl } from "./client_id_url.ts";
import { createClientStore } from "./client_store.ts";
import { createDocumentFetcher, type ResolveHostname } from "./document_fetcher.ts";
import { createLimit } from "../limit.ts";
import { isLoopback } from "../../../net/loopback.ts";
import { createRegistration, registeredClient } from "../endpoints/registration.ts";
import { OAuthError } from "../oauth_error.ts";

const MAX_REGISTRATIONS = 20_000;
const REGISTRATIONS_PER_MINUTE = 60;

/** Everything about clients: who they are, how they prove it, how new ones come in. */
export interface Clients {
  readonly find: FindClient;
  readonly authenticate: AuthenticateClient;
  /** The registration endpoint. */
  readonly register: (request: Request) => Promise<Response>;
  /** Notes that a client got tokens, so that its registration is kept. */
  readonly used: (clientId: string) => void;
}

/** Clients by metadata document and by dynamic registration. */
export function createClients(options: {
  issuer: string;
  database: DatabaseSync;
  resolve: ResolveHostname;
  fetch: typeof fetch;
  now: () => number;
}): Clients {
  const { issuer, database, resolve, fetch, now } = options;
  // Documents on loopback are for clients under development on the same machine as the issuer (CIMD-06).
  const allowLoopback = isLoopback(new URL(issuer).hostname);
  const documents = createClientDocuments(
    createDocumentFetcher({ allowLoopback, resolve, fetch }),
    allowLoopback,
    now,
  );
  const store = createClientStore(database, MAX_REGISTRATIONS, now);

  const find: FindClient = async (clientId) => {
    // A URL names a metadata document, anything else a registration.
    if (isClientIdUrl(clientId)) return await documents.find(clientId);
    const registration = store.find(clientId);
    if (registration) return registeredClient(registration);
    const message = "The client is not registered here: register it again.";
    throw new OAuthError("invalid_client", message, { status: 401 });
  };

  const verifyAssertion = createClientAssertionVerifier({
    issuer,
    database,
    fetchKeys: documents.fetchKeys,
    now,
  });
  return {
    find,
    authenticate: createClientAuthentication(find, verifyAssertion),
    register: createRegistration(store, createLimit(REGISTRATIONS_PER_MINUTE, 60, now)),
    used: store.used,
  };
}
