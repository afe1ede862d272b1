import type { OAuthClientProvider as ProviderV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import type { OAuthClientProvider as ProviderV2 } from "@modelcontextprotocol/client";

type Registration = Awaited<ReturnType<ProviderV1["clientInformation"]>>;
type Discovery = Awaited<ReturnType<NonNullable<ProviderV1["discoveryState"]>>>;
type Tokens = Awaited<ReturnType<ProviderV1["tokens"]>>;

/** An OAuth client of one person, kept in memory; the official clients run their own auth code on it. */
export class OAuthClient implements ProviderV1, ProviderV2 {
  /** Nobody listens here: the test reads the parameters off the last redirect. */
  readonly redirectUrl = "http://127.0.0.1:9/callback";
  readonly clientMetadata = {
    client_name: "Conformant client",
    redirect_uris: [this.redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: "native",
  };
  /** Where the client wants to send the person's browser, once it has got that far. */
  authorizationUrl: URL | undefined;
  /** How often tokens were obtained. */
  grants = 0;
  #discovery: Discovery;
  #registration: Registration;
  #tokens: Tokens;
  #verifier = "";

  discoveryState(): Discovery {
    return this.#discovery;
  }

  saveDiscoveryState(discovery: NonNullable<Discovery>): void {
    this.#discovery = discovery;
  }

  clientInformation(): Registration {
    return this.#registration;
  }

  saveClientInformation(registration: NonNullable<Registration>): void {
    this.#registration = registration;
  }

  tokens(): Tokens {
    return this.#tokens;
  }

  saveTokens(tokens: NonNullable<Tokens>): void {
    this.#tokens = tokens;
    this.grants++;
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
}
