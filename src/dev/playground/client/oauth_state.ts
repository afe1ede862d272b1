import type { OAuthClientProvider, OAuthDiscoveryState } from "@modelcontextprotocol/client";

type Registration = Awaited<ReturnType<OAuthClientProvider["clientInformation"]>>;
type Tokens = Awaited<ReturnType<OAuthClientProvider["tokens"]>>;

/**
 * What the SDK's `auth()` has to remember about one person at one server. It stays in the memory of this page, so a
 * reload forgets every token.
 */
export class OAuthState implements OAuthClientProvider {
  registration: Registration;
  current: Tokens;
  discovery: OAuthDiscoveryState | undefined;
  /** Where the person has to go, once `auth()` has got that far. */
  authorizationUrl: URL | undefined;
  #verifier = "";

  constructor(readonly redirectUrl: string, readonly clientName: string) {}

  get clientMetadata() {
    return {
      client_name: this.clientName,
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  state(): string {
    return crypto.randomUUID();
  }

  clientInformation(): Registration {
    return this.registration;
  }

  saveClientInformation(registration: NonNullable<Registration>): void {
    this.registration = registration;
  }

  tokens(): Tokens {
    return this.current;
  }

  saveTokens(tokens: NonNullable<Tokens>): void {
    this.current = tokens;
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrl = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.discovery;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.discovery = state;
  }

  invalidateCredentials(what: "all" | "client" | "tokens" | "verifier" | "discovery"): void {
    if (what === "all" || what === "client") this.registration = undefined;
    if (what === "all" || what === "tokens") this.current = undefined;
    if (what === "all" || what === "discovery") this.discovery = undefined;
  }
}
