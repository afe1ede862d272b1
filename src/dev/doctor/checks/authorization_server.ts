import { type Check, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";
import { isObject, type JsonObject, listOf, objectOf, quote, stringsOf } from "../json.ts";
import type { Answer, Send } from "../send.ts";
import { mayVisit } from "../visit.ts";
import { compareClock } from "./transport.ts";

/** One look at an authorization server. */
export interface IssuerVisit {
  /** Byte for byte as a resource names it. */
  readonly issuer: string;
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Where metadata was found, and what came from each place that was tried. */
  metadata(): Promise<FoundMetadata>;
}

interface FoundMetadata {
  readonly tried: readonly { readonly url: string; readonly answer: Answer }[];
  readonly document: JsonObject;
}

/** Begins a look at an authorization server; nothing is sent yet. */
export function createIssuerVisit(
  options: { readonly issuer: string; readonly send: Send; readonly now: () => number },
): IssuerVisit {
  let found: Promise<FoundMetadata> | undefined;
  return { ...options, metadata: () => found ??= findMetadata(options) };
}

/** RFC 8414 inserted, OpenID Connect Discovery inserted, then appended: the order of MCP's clients. */
async function findMetadata({ issuer, send }: { issuer: string; send: Send }): Promise<FoundMetadata> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const tried = [];
  for (
    const url of new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ])
  ) {
    const answer = await send(url, { headers: { accept: "application/json" } });
    tried.push({ url, answer });
    if (answer.status === 200 && isObject(answer.json)) return { tried, document: answer.json };
  }
  return { tried, document: {} };
}

async function documentOf({ metadata }: IssuerVisit): Promise<JsonObject> {
  const { document } = await metadata();
  if (Object.keys(document).length === 0) throw new NotExamined("There is no metadata.");
  return document;
}

const ENDPOINTS = ["authorization_endpoint", "token_endpoint"];
const SYMMETRIC_OR_NONE = /^(HS\d+|none)$/;

/** Whatever clients and resource servers need of an authorization server. */
export const authorizationServer: readonly Check<IssuerVisit>[] = [
  {
    id: "issuer.metadata",
    title: "Authorization server metadata",
    expected: "a JSON document at one of the well-known URLs",
    requirements: ["AS-01"],
    async run({ metadata }) {
      const { tried, document } = await metadata();
      const last = tried.at(-1)!;
      if (Object.keys(document).length > 0) return ok(last.url);
      const seen = tried.map(({ url, answer }) => `${url} → ${answer.status}`).join(", ");
      return problem(seen, "Check the issuer's URL and that the server runs.");
    },
  },
  {
    id: "issuer.string",
    title: "issuer",
    expected: "the same string as the resource names, byte for byte",
    requirements: ["AS-02", "PRM-02"],
    async run(visit) {
      const { issuer } = await documentOf(visit);
      if (issuer === visit.issuer) return ok(quote(issuer));
      const slash = typeof issuer === "string" &&
        issuer.replace(/\/$/, "") === visit.issuer.replace(/\/$/, "");
      return problem(
        `${quote(issuer)}${slash ? ": only the slash at the end differs" : ""}`,
        `Configure the issuer as it states itself, ${quote(issuer)}, not ${quote(visit.issuer)}.`,
      );
    },
  },
  {
    id: "issuer.endpoints",
    title: "Endpoints",
    expected: `https URLs for ${ENDPOINTS.join(", ")}`,
    requirements: ["AS-03", "AS-11"],
    async run(visit) {
      const document = await documentOf(visit);
      const { hostname } = new URL(visit.issuer);
      // Keys are not needed where tokens are opaque.
      const named = "jwks_uri" in document ? [...ENDPOINTS, "jwks_uri"] : ENDPOINTS;
      const unfit = named.filter((name) => !mayVisit(String(document[name]), hostname))
        .map((name) => `${name}: ${quote(document[name])}`);
      return unfit.length === 0
        ? ok(named.join(", "))
        : problem(unfit.join("; "), "Name them by https URLs.");
    },
  },
  {
    id: "issuer.pkce",
    title: "PKCE",
    expected: "code_challenge_methods_supported with S256",
    requirements: ["AS-03"],
    async run(visit) {
      const { code_challenge_methods_supported: methods } = await documentOf(visit);
      if (!stringsOf(methods).includes("S256")) {
        return problem(quote(methods), "Advertise S256: MCP clients must refuse a server that does not.");
      }
      return stringsOf(methods).includes("plain")
        ? warning(quote(methods), "Give up plain (RFC 9700 section 2.1.1).")
        : ok("S256");
    },
  },
  {
    id: "issuer.registration",
    title: "How clients get known",
    expected: "client ID metadata documents or dynamic registration",
    requirements: ["AS-04"],
    async run(visit) {
      const document = await documentOf(visit);
      const documents = document["client_id_metadata_document_supported"] === true;
      const dynamic = typeof document["registration_endpoint"] === "string";
      if (documents || dynamic) {
        return ok(
          [documents && "client ID metadata documents", dynamic && "dynamic registration"].filter(Boolean)
            .join(", "),
        );
      }
      return warning(
        "neither",
        "Switch on one of the two, or register each host by hand and enter its client id there: " +
          "ChatGPT and Claude otherwise cannot sign anybody in.",
      );
    },
  },
  {
    id: "issuer.public-clients",
    title: "Clients without a secret",
    expected: "token_endpoint_auth_methods_supported with none",
    requirements: ["AS-05"],
    async run(visit) {
      const { token_endpoint_auth_methods_supported: methods } = await documentOf(visit);
      if (stringsOf(methods).includes("none")) return ok(stringsOf(methods).join(", "));
      return warning(
        methods === undefined ? "not stated, which means client_secret_basic only" : quote(methods),
        "Allow public clients and advertise none: most MCP clients have no secret to keep.",
      );
    },
  },
  {
    id: "issuer.grants",
    title: "Grants",
    expected: "authorization_code, with response type code",
    requirements: ["AS-03", "AS-06"],
    async run(visit) {
      const document = await documentOf(visit);
      const grants = document["grant_types_supported"];
      if (!stringsOf(document["response_types_supported"]).includes("code")) {
        return problem(quote(document["response_types_supported"]), "Support the response type code.");
      }
      if (grants !== undefined && !stringsOf(grants).includes("authorization_code")) {
        return problem(quote(grants), "Support the authorization code grant.");
      }
      if (grants === undefined || !stringsOf(grants).includes("refresh_token")) {
        return warning(quote(grants), "Name refresh_token too: people otherwise sign in again every time.");
      }
      return ok(stringsOf(grants).join(", "));
    },
  },
  {
    id: "issuer.iss",
    title: "iss in authorization responses (RFC 9207)",
    expected: "authorization_response_iss_parameter_supported: true",
    requirements: ["AS-07", "AS-08"],
    async run(visit) {
      const supported = (await documentOf(visit))["authorization_response_iss_parameter_supported"];
      return supported === true ? ok("true") : warning(
        quote(supported),
        "Send and advertise it if the server can: MCP asks for it, and ChatGPT then uses one redirect URI for all.",
      );
    },
  },
  {
    id: "issuer.keys",
    title: "Signing keys",
    expected: "public keys with a kid each, at least one asymmetric",
    requirements: ["AS-10", "AUTH-05"],
    async run(visit) {
      const keys = (await keysOf(visit)).map(objectOf);
      if (keys.some((key) => ["d", "k", "p", "q"].some((member) => member in key))) {
        return problem("a private or symmetric key", "Take it out at once, and replace it: it is known now.");
      }
      const usable = keys.filter(({ kty, use }) =>
        ["RSA", "EC", "OKP"].includes(String(kty)) && (use === undefined || use === "sig")
      );
      if (usable.length === 0) {
        return problem(`none among ${keys.length}`, "Sign access tokens with RS256, ES256 or EdDSA.");
      }
      const unnamed = usable.filter(({ kid }) => typeof kid !== "string");
      return unnamed.length > 0 && usable.length > 1
        ? warning(`${unnamed.length} without kid`, "Give each key a kid, so that keys can be changed.")
        : ok(usable.map(({ kty, alg, kid }) => `${String(alg ?? kty)} ${String(kid)}`).join(", "));
    },
  },
  {
    id: "issuer.algorithms",
    title: "Algorithms",
    expected: "asymmetric ones only",
    requirements: ["AUTH-05"],
    async run(visit) {
      const document = await documentOf(visit);
      const named = Object.entries(document)
        .filter(([name]) => /^(id_token|access_token)_signing_alg_values_supported$/.test(name))
        .flatMap(([, value]) => stringsOf(value));
      if (named.length === 0) return unknown("The metadata names none for tokens.");
      const weak = named.filter((alg) => SYMMETRIC_OR_NONE.test(alg));
      if (weak.length === named.length) return problem(weak.join(", "), "Sign tokens with RS256 or ES256.");
      return weak.length === 0 ? ok(named.join(", ")) : warning(
        named.join(", "),
        "See that access tokens for this API are signed with an asymmetric one.",
      );
    },
  },
  {
    id: "issuer.clock",
    title: "Clock of the authorization server",
    expected: "close to this machine's",
    requirements: ["AUTH-06"],
    async run({ metadata, now }) {
      return compareClock((await metadata()).tried.at(-1)!.answer.headers, now());
    },
  },
];

/** The keys that an issuer publishes. @throws NotExamined when they cannot be had. */
export async function keysOf(visit: IssuerVisit): Promise<readonly unknown[]> {
  const { jwks_uri: url } = await documentOf(visit);
  if (typeof url !== "string" || !mayVisit(url, new URL(visit.issuer).hostname)) {
    throw new NotExamined("There is no usable jwks_uri, which is fit for opaque tokens only.");
  }
  const { json, status } = await visit.send(url, { headers: { accept: "application/json" } });
  if (!isObject(json)) throw new NotExamined(`${url} → ${status}`);
  return listOf(json["keys"]);
}
