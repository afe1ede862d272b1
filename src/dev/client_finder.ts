import type { Client } from "./client.ts";
import type { ClientDocuments } from "./client_documents.ts";
import { isClientIdUrl } from "./client_id_url.ts";
import type { ClientStore } from "./client_store.ts";
import { OAuthError } from "./oauth_error.ts";
import { registeredClient } from "./registration.ts";

/** Finds the client of a `client_id`. Throws `invalid_client` when there is none. */
export type FindClient = (clientId: string) => Promise<Client>;

/** A URL names a metadata document, anything else a registration. */
export function createClientFinder(documents: ClientDocuments, registrations: ClientStore): FindClient {
  return async function findClient(clientId) {
    if (isClientIdUrl(clientId)) return await documents.find(clientId);
    const registration = registrations.find(clientId);
    if (registration === undefined) {
      throw new OAuthError("invalid_client", "The client is not registered here: register it again.", {
        status: 401,
      });
    }
    return registeredClient(registration);
  };
}
