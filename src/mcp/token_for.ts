import { readBearer } from "../auth/bearer.ts";
import type { Challenge } from "../auth/challenge.ts";
import { ExchangeRefused, IssuerUnavailable } from "../auth/errors.ts";
import type { Principal } from "../auth/principal.ts";
import type { TokenExchange, UpstreamTarget } from "../auth/token_exchange.ts";
import { scopesOf } from "./access.ts";
import type { Tool } from "./tool.ts";
import type { TokenFor } from "./tool_context.ts";
import { ToolError } from "./tool_error.ts";

/** What a tool may ask for tokens with, for one call. @param caller As the gate lets the tool see it. */
export type CreateTokenFor = (request: Request, tool: Tool, caller: Principal | undefined) => TokenFor;

/** Answers by which an issuer says that the person must sign in, or consent, once more. */
const SIGN_IN_ERRORS = [
  ...["invalid_grant", "invalid_request", "invalid_token"],
  ...["interaction_required", "login_required", "consent_required"],
];
/** Answers by which it says that the caller's token does not allow what was asked for. */
const SCOPE_ERRORS = ["invalid_scope", "insufficient_scope"];

/**
 * Makes what gives tools their tokens. The caller's own token stays in its request: it is read when a tool asks, and
 * handed to the exchange only.
 *
 * @param scopes The app's: others cannot be asked for when the caller signs in.
 */
export function createTokenForCallers(
  { exchange, challenge, scopes }: {
    readonly exchange: TokenExchange;
    readonly challenge: Challenge;
    readonly scopes: readonly string[];
  },
): CreateTokenFor {
  return (request, tool, caller) => async (target) => {
    const credentials = readBearer(request.headers);
    if (!caller || credentials.kind !== "bearer") {
      const description = `Sign in to use all of "${tool.title}".`;
      const remedy = "Connect your account, then ask again.";
      throw withChallenge(description, remedy, "invalid_token", scopesOf(tool.access));
    }
    try {
      return await exchange(credentials.token, caller, target);
    } catch (error) {
      throw inWords(error, tool, caller, target);
    }
  };

  function inWords(error: unknown, { title }: Tool, caller: Principal, target: UpstreamTarget): unknown {
    if (error instanceof IssuerUnavailable) {
      return new ToolError(
        `"${title}" needs the authorization server, which cannot be used right now. Nothing is wrong with your ` +
          "request; try again in a moment.",
      );
    }
    if (!(error instanceof ExchangeRefused)) return error;
    const { code } = error;
    const held = scopes.filter((scope) => caller.scopes.has(scope));
    const missing = target.scopes.filter((scope) => scopes.includes(scope) && !caller.scopes.has(scope));
    if (SIGN_IN_ERRORS.includes(code)) {
      const description = `The authorization server asks you to sign in again for "${title}" (${code}).`;
      return withChallenge(
        description,
        "Connect your account again, then repeat this.",
        "invalid_token",
        held,
      );
    }
    if (SCOPE_ERRORS.includes(code) && missing.length > 0) {
      const names = missing.join(" ");
      const description = `"${title}" needs a permission that this connection does not have: ${names}.`;
      const remedy = "Allow it when asked, or disconnect and connect again, then repeat this.";
      return withChallenge(description, remedy, "insufficient_scope", [...held, ...missing]);
    }
    return new ToolError(
      `The authorization server does not let "${title}" act for you elsewhere (${code}). Trying again will not help.`,
    );
  }

  /** By then the tool runs and the status is 200, so the challenge can only be in the result (OAI-05). */
  function withChallenge(
    description: string,
    remedy: string,
    error: "invalid_token" | "insufficient_scope",
    scopes: readonly string[],
  ): ToolError {
    const hint = challenge({ error, error_description: description, scopes });
    return new ToolError(`${description} ${remedy}`, { "mcp/www_authenticate": [hint] });
  }
}
