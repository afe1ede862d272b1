import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from "@panva/jose";
import { type Check, type Finding, ok, problem, unknown, warning } from "./check.ts";
import { CLOCK_TOLERANCE_SECONDS } from "./checks/transport.ts";
import { quote } from "./json.ts";

/** A token, and what it is held against. It is sent nowhere. */
export interface TokenContext {
  readonly token: string;
  /** Accepted audiences; undefined when nobody said which server it is for. */
  readonly audiences: readonly string[] | undefined;
  /** Issuers that the server trusts; undefined likewise. */
  readonly issuers: readonly string[] | undefined;
  /** Scopes that the server knows. */
  readonly scopes: readonly string[];
  /** The keys of an issuer that is trusted. */
  readonly keys: (issuer: string) => Promise<readonly unknown[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MAX_TOKEN_LENGTH = 16_384;
const TYPES = ["at+jwt", "application/at+jwt", "jwt"];
/** Claims that have a line of their own. */
const EXPLAINED = ["iss", "aud", "sub", "exp", "nbf", "iat", "scope", "scp", "permissions", "cnf", "jti"];

interface Read extends TokenContext {
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

/**
 * The questions to a token. Its claims are told, save for those that name a person; the token itself and its
 * signature are not.
 */
export function tokenChecks(context: TokenContext): { checks: readonly Check<Read>[]; context: Read } {
  const read = decode(context);
  if (typeof read === "string" || "verdict" in read) {
    const finding = typeof read === "string" ? problem(read, "Copy the access token, whole.") : read;
    return {
      checks: [{ ...FORMAT, run: () => finding }],
      context: { ...context, header: {}, claims: {} },
    };
  }
  return { checks: CHECKS, context: { ...context, ...read } };
}

function decode(
  { token }: TokenContext,
): Pick<Read, "header" | "claims"> | Finding | string {
  if (token.length > MAX_TOKEN_LENGTH) return `It is longer than ${MAX_TOKEN_LENGTH} characters.`;
  const parts = token.split(".").length;
  if (parts === 5) {
    return problem(
      "an encrypted JWT (JWE)",
      "Have the authorization server send signed ones. Auth0 encrypts for its own userinfo when no audience was " +
        "asked for: set the default audience.",
    );
  }
  if (parts !== 3) {
    return unknown(
      "an opaque token: nothing can be read from it",
      "The server needs INTROSPECTION_URL for such tokens, or the authorization server must issue JWTs. " +
        "Auth0 issues opaque ones when no audience was asked for: set the default audience.",
    );
  }
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    return "It has three parts like a JWT, and they cannot be decoded.";
  }
}

const FORMAT = {
  id: "token.format",
  title: "Format",
  expected: "a signed JWT",
  requirements: ["AUTH-05"],
};

const CHECKS: readonly Check<Read>[] = [
  { ...FORMAT, run: () => ok("a JWT") },
  {
    id: "token.typ",
    title: "typ",
    expected: "at+jwt; JWT or none are common, too",
    requirements: ["AUTH-02", "C6"],
    run({ header: { typ } }) {
      if (typ === undefined || TYPES.includes(String(typ).toLowerCase())) return ok(quote(typ));
      return problem(quote(typ), "Send the access token: this looks like another kind, such as an ID token.");
    },
  },
  {
    id: "token.signature",
    title: "Signature",
    expected: "by a key that the issuer publishes, with an asymmetric algorithm",
    requirements: ["AUTH-05"],
    async run({ token, header: { alg, kid }, claims: { iss }, issuers, keys }) {
      const signed = `${String(alg)}, kid ${quote(kid)}`;
      if (alg === undefined || /^(HS|none)/.test(alg)) {
        return problem(
          signed,
          "Sign with RS256, ES256 or EdDSA: a shared secret or no signature proves nothing.",
        );
      }
      if (iss === undefined || !issuers?.includes(iss)) {
        return unknown(`${signed}; keys are only asked of issuers that the server trusts.`);
      }
      try {
        await compactVerify(token, createLocalJWKSet({ keys: await keys(iss) } as JSONWebKeySet));
        return ok(signed);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) {
          return problem(
            `${signed}: no such key`,
            "The key was changed, or the token is of another environment.",
          );
        }
        if (error instanceof errors.JOSEError) {
          return problem(
            `${signed}: does not verify`,
            "The token was changed, or is of another environment.",
          );
        }
        throw error;
      }
    },
  },
  {
    id: "token.iss",
    title: "iss",
    expected: "an issuer that the server trusts, byte for byte",
    requirements: ["AUTH-03"],
    run({ claims: { iss }, issuers }) {
      if (!issuers) {
        return iss === undefined ? problem("none", "An access token names its issuer.") : ok(quote(iss));
      }
      if (iss !== undefined && issuers.includes(iss)) return ok(quote(iss));
      const slash = issuers.some((issuer) => issuer.replace(/\/$/, "") === iss?.replace(/\/$/, ""));
      return problem(
        `${quote(iss)}, trusted: ${issuers.join(", ")}${slash ? ". Only the slash at the end differs" : ""}`,
        "Configure the issuer as the token spells it, if it is the right one.",
      );
    },
  },
  {
    id: "token.aud",
    title: "aud",
    expected: "the URL of the MCP endpoint, among others perhaps",
    requirements: ["AUTH-04"],
    run({ claims: { aud }, audiences }) {
      if (aud === undefined) {
        return problem("none", "Have the authorization server bind tokens to this resource.");
      }
      if (!audiences) return ok(quote(aud));
      return [aud].flat().some((one) => audiences.includes(one)) ? ok(quote(aud)) : problem(
        `${quote(aud)}, accepted: ${audiences.join(", ")}`,
        "Let the client ask for this resource (RFC 8707; audience at Auth0), or add the value to JWT_AUDIENCES.",
      );
    },
  },
  {
    id: "token.time",
    title: "exp, nbf, iat",
    expected: "valid now, and not for long",
    requirements: ["AUTH-06"],
    run({ claims: { exp, nbf, iat }, now }) {
      const seconds = Math.floor(now() / 1000);
      if (typeof exp !== "number") return problem(`exp ${quote(exp)}`, "An access token must end some time.");
      if (exp + CLOCK_TOLERANCE_SECONDS <= seconds) {
        return problem(`expired ${duration(seconds - exp)} ago`, "Get a new one.");
      }
      if (typeof nbf === "number" && nbf - CLOCK_TOLERANCE_SECONDS > seconds) {
        return problem(`valid in ${duration(nbf - seconds)} only`, "Set the clocks of both machines.");
      }
      if (typeof iat === "number" && iat - CLOCK_TOLERANCE_SECONDS > seconds) {
        return warning(`issued ${duration(iat - seconds)} from now`, "Set the clocks of both machines.");
      }
      const lifetime = exp - (typeof iat === "number" ? iat : seconds);
      return lifetime > 86_400
        ? warning(`lives for ${duration(lifetime)}`, "Shorten it: it cannot be called back before.")
        : ok(`ends in ${duration(exp - seconds)}`);
    },
  },
  {
    id: "token.sub",
    title: "sub",
    expected: "the person, as text",
    requirements: ["AUTH-25"],
    run({ claims: { sub } }) {
      // Whose token it is, is nobody else's business, should the report be passed on.
      return typeof sub === "string" && sub !== "" ? ok(`there, ${sub.length} characters`) : problem(
        quote(typeof sub),
        "Nobody can be told apart without: have the authorization server set it.",
      );
    },
  },
  {
    id: "token.scope",
    title: "Scopes",
    expected: "what the tools need, in scope or scp",
    requirements: ["AUTH-13"],
    run({ claims, scopes }) {
      const granted = ["scope", "scp", "permissions"].flatMap((name) => words(claims[name]));
      if (granted.length === 0) {
        return warning(
          "none",
          "Have the client ask for scopes, and the authorization server put them into the token.",
        );
      }
      const only = words(claims["scope"]).concat(words(claims["scp"])).length === 0;
      if (only) return warning(`${granted.join(" ")}, in permissions`, "Set SCOPE_CLAIMS=scope,permissions");
      const missing = scopes.filter((scope) => !granted.includes(scope));
      return missing.length === 0
        ? ok(granted.join(" "))
        : warning(`${granted.join(" ")}; not ${missing.join(" ")}`, "Ask for these when a tool needs them.");
    },
  },
  {
    id: "token.cnf",
    title: "cnf",
    expected: "none: a bearer token is bound to no key",
    requirements: ["AUTH-28"],
    run({ claims: { cnf } }) {
      return cnf === undefined
        ? ok("none")
        : problem("bound to a key", "Switch DPoP or mutual TLS off for this API, or verify the proof.");
    },
  },
  {
    id: "token.others",
    title: "Other claims",
    expected: "no more than needed",
    requirements: ["AUTH-24"],
    run({ claims }) {
      const names = Object.keys(claims).filter((name) => !EXPLAINED.includes(name));
      return ok(names.length === 0 ? "none" : `${names.join(", ")} (values not shown)`);
    },
  },
];

function words(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((word) => typeof word === "string");
  return typeof value === "string" ? value.split(" ").filter((word) => word !== "") : [];
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
