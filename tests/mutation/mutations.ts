import { AUTHORIZATION_MUTATIONS } from "./authorization_mutations.ts";
import { PROTOCOL_MUTATIONS } from "./protocol_mutations.ts";

/** A line that keeps somebody out, and how it could be lost. */
export interface Mutation {
  /** What an attacker would gain, or what a caller would lose. */
  readonly what: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** The test files that have to fail then. */
  readonly tests: readonly string[];
}

const TOKENS = ["tests/auth/bad_tokens_test.ts", "tests/auth/good_tokens_test.ts"];
const INTROSPECTION = ["tests/auth/introspection_test.ts"];
const TOKEN_CACHE = ["tests/auth/token_cache_test.ts"];
const KEYS = ["tests/auth/keys_test.ts", "tests/auth/discovery_test.ts"];
const CREDENTIALS = ["tests/auth/credentials_test.ts"];
const EXCHANGE = ["tests/auth/token_exchange_test.ts"];
const POLICY = ["tests/auth/policy_test.ts"];
const RATE = ["tests/http/rate_limit_test.ts"];
const GUARD = ["tests/http/guard_test.ts"];
const BODY = ["tests/http/body_test.ts"];
const CONFIRM = ["tests/mcp/confirm_test.ts", "tests/mcp/request_input_test.ts"];
const LOG = ["tests/http/log_test.ts"];
const DEV_TOKEN = ["tests/dev/token_test.ts"];
const DEV_AUTHORIZE = ["tests/dev/authorize_test.ts"];
const DEV_CONSENT = ["tests/dev/consent_test.ts"];
const DEV_CLIENT = ["tests/dev/client_authentication_test.ts"];
const DEV_DOCUMENTS = ["tests/dev/document_fetcher_test.ts", "tests/dev/client_documents_test.ts"];

/** Tokens: what `verify`, introspection and the memory of good tokens refuse. */
const TOKEN_MUTATIONS: readonly Mutation[] = [
  {
    what: "a token for another resource is accepted",
    file: "src/auth/principal.ts",
    from: "if (!accepted.some((audience) => audiences.includes(audience))) {",
    to: "if (false) {",
    tests: TOKENS,
  },
  {
    what: "a token whose audience only begins like ours is accepted",
    file: "src/auth/principal.ts",
    from: "audiences.includes(audience))",
    to: "audiences.some((aud) => String(aud).startsWith(audience)))",
    tests: TOKENS,
  },
  {
    what: "a token that is bound to a key works without its proof",
    file: "src/auth/principal.ts",
    from: "if (cnf !== undefined) {",
    to: "if (false) {",
    tests: TOKENS,
  },
  {
    what: "a subject that no store can tell from another is accepted",
    file: "src/auth/principal.ts",
    from: "value.isWellFormed() &&",
    to: "",
    tests: TOKENS,
  },
  {
    what: "the issuer that a token names is not checked",
    file: "src/auth/verify.ts",
    from: "const source = keys.get(issuer);",
    to: "const source = keys.get(issuer) ?? keys.values().next().value;",
    tests: TOKENS,
  },
  {
    what: "an ID token counts as an access token",
    file: "src/auth/verify.ts",
    from: "if (!TYPES.includes(typ?.toLowerCase())) {",
    to: "if (false) {",
    tests: TOKENS,
  },
  {
    what: "`none` and HMAC pass the list of algorithms",
    file: "src/auth/verify.ts",
    from: '...["RS256", "RS384",',
    to: '...["none", "HS256", "HS384", "HS512", "RS256", "RS384",',
    tests: TOKENS,
  },
  {
    what: "the exp of a token is ignored",
    file: "src/auth/verify.ts",
    from: "      currentDate,\n",
    to: "      currentDate: new Date(0),\n",
    tests: TOKENS,
  },
  {
    what: "a token without exp is accepted",
    file: "src/auth/verify.ts",
    from: 'requiredClaims: ["exp", "sub", "aud"]',
    to: 'requiredClaims: ["sub", "aud"]',
    tests: TOKENS,
  },
  {
    what: "an expired token works for an hour more",
    file: "src/auth/verify.ts",
    from: "CLOCK_TOLERANCE_SECONDS = 30;",
    to: "CLOCK_TOLERANCE_SECONDS = 3_630;",
    tests: TOKENS,
  },
  {
    what: "`active: false` of an introspection is ignored",
    file: "src/auth/introspect.ts",
    from: 'if (answer["active"] !== true) {',
    to: "if (false) {",
    tests: INTROSPECTION,
  },
  {
    what: "the exp of an introspection is ignored",
    file: "src/auth/introspect.ts",
    from: "if (exp <= seconds - CLOCK_TOLERANCE_SECONDS) throw",
    to: "if (false) throw",
    tests: INTROSPECTION,
  },
  {
    what: "the nbf of an introspection is ignored",
    file: "src/auth/introspect.ts",
    from: 'if (typeof nbf === "number" && nbf > seconds + CLOCK_TOLERANCE_SECONDS) {',
    to: "if (false) {",
    tests: INTROSPECTION,
  },
  {
    what: "the issuer of an introspection is ignored",
    file: "src/auth/introspect.ts",
    from: "if (iss !== undefined && iss !== issuer) {",
    to: "if (false) {",
    tests: INTROSPECTION,
  },
  {
    what: "a remembered token works past its exp",
    file: "src/auth/token_cache.ts",
    from: "Math.min(principal.expiresAt * 1000, now() + VERIFIED_MS)",
    to: "now() + VERIFIED_MS",
    tests: TOKEN_CACHE,
  },
  {
    what: "a revoked token is remembered for an hour",
    file: "src/auth/token_cache.ts",
    from: "VERIFIED_MS = 60_000;",
    to: "VERIFIED_MS = 3_600_000;",
    tests: TOKEN_CACHE,
  },
  {
    what: "a remembered token of one person answers for another's",
    file: "src/auth/token_cache.ts",
    from: "return function verifyCached(token, budget) {\n    const key = keyOf(token);",
    to: 'return function verifyCached(token, budget) {\n    const key = keyOf(token.split(".")[0]!);',
    tests: TOKEN_CACHE,
  },
  {
    what: "the hash of a long token is as good as the token",
    file: "src/auth/token_cache.ts",
    from: "`sha256 ${sha256(token)}`",
    to: "sha256(token)",
    tests: TOKEN_CACHE,
  },
  {
    what: "the memory of good tokens grows without bound",
    file: "src/auth/token_cache.ts",
    from: "if (entries.size >= maxEntries) entries.delete",
    to: "if (false) entries.delete",
    tests: [...TOKEN_CACHE, ...EXCHANGE],
  },
  {
    what: "invented key ids make the issuer's load",
    file: "src/auth/issuer_keys.ts",
    from: "const isLeftAlone = !loading && now() - missedAt < COOL_DOWN_MS;",
    to: "const isLeftAlone = false;",
    tests: KEYS,
  },
  {
    what: "a withdrawn key works for as long as nobody calls",
    file: "src/auth/issuer_keys.ts",
    from: "if (now() - Math.max(loadedAt, failure?.at ?? 0) >= MAX_AGE_MS) await refreshed;",
    to: "",
    tests: KEYS,
  },
  {
    what: "metadata of another issuer is believed",
    file: "src/auth/discovery.ts",
    from: "if (stated !== issuer) throw otherIssuer(issuer, url, stated);",
    to: "",
    tests: KEYS,
  },
  {
    what: "keys are fetched over plain http",
    file: "src/auth/discovery.ts",
    from: "|| !isSecure(jwksUri)",
    to: "",
    tests: KEYS,
  },
  {
    what: "a second credential in one header is overlooked",
    file: "src/auth/bearer.ts",
    from:
      'return /,\\s*bearer(\\s|$)/i.test(value) ? malformed("Send exactly one credential.") : { kind: "none" };',
    to: 'return { kind: "none" };',
    tests: CREDENTIALS,
  },
  {
    what: "a token of any length is verified",
    file: "src/auth/bearer.ts",
    from: "if (rest.length > MAX_TOKEN_LENGTH) {",
    to: "if (false) {",
    tests: CREDENTIALS,
  },
  {
    what: "malformed credentials make an anonymous caller",
    file: "src/auth/bearer.ts",
    from: "throw new MalformedCredentials(credentials.description);",
    to: "return undefined;",
    tests: CREDENTIALS,
  },
  {
    what: "a challenge carries what ends its quotes",
    file: "src/auth/challenge.ts",
    from: `value.replaceAll(/["\\\\]/g, "'")`,
    to: "value",
    tests: ["tests/auth/challenge_test.ts"],
  },
];

/** Tokens for other APIs. */
const EXCHANGE_MUTATIONS: readonly Mutation[] = [
  {
    what: "the caller's own token goes to the upstream API",
    file: "src/mcp/token_for.ts",
    from: "return await exchange(credentials.token, caller, target);",
    to: "return { ...await exchange(credentials.token, caller, target), accessToken: credentials.token };",
    tests: EXCHANGE,
  },
  {
    what: "an exchanged token of one person is given to another",
    file: "src/auth/token_exchange.ts",
    from: "JSON.stringify([callerToken, resource ?? null,",
    to: "JSON.stringify([resource ?? null,",
    tests: EXCHANGE,
  },
  {
    what: "an exchanged token outlives the caller's",
    file: "src/auth/token_exchange.ts",
    from: "Math.min(token.expiresAt - MARGIN_MS, principal.expiresAt * 1000)",
    to: "token.expiresAt - MARGIN_MS",
    tests: EXCHANGE,
  },
  {
    what: "a token of another issuer goes to ours",
    file: "src/auth/token_exchange.ts",
    from: "if (principal.issuer !== issuer) {",
    to: "if (false) {",
    tests: EXCHANGE,
  },
];

/** The access policy, and how a refusal is told. */
const POLICY_MUTATIONS: readonly Mutation[] = [
  {
    what: "the check of scopes is inverted",
    file: "src/mcp/gate.ts",
    from: "access.scopes.every((scope) => principal.scopes.has(scope))",
    to: "access.scopes.every((scope) => !principal.scopes.has(scope))",
    tests: POLICY,
  },
  {
    what: "one of several scopes is enough",
    file: "src/mcp/gate.ts",
    from: "access.scopes.every(",
    to: "access.scopes.some(",
    tests: POLICY,
  },
  {
    what: "an open tool learns who calls",
    file: "src/mcp/gate.ts",
    from: 'if (access.level === "anyone") return { caller: undefined };',
    to: 'if (access.level === "anyone") return { caller: principal };',
    tests: POLICY,
  },
  {
    what: "a tool with two faces learns who calls without the scope",
    file: "src/mcp/gate.ts",
    from: 'return access.level === "mixed" ? { caller: undefined } : undefined;',
    to: 'return access.level === "mixed" ? { caller: principal } : undefined;',
    tests: POLICY,
  },
  {
    what: "the gate is skipped for resources",
    file: "src/mcp/gate.ts",
    from: "const decision = decide(target.access, principal);",
    to: "const decision = found?.resource ? { caller: principal } : decide(target.access, principal);",
    tests: POLICY,
  },
  {
    what: "the gate is skipped for prompts and what completes them",
    file: "src/mcp/gate.ts",
    from: "const decision = decide(target.access, principal);",
    to: "const decision = found?.prompt ? { caller: principal } : decide(target.access, principal);",
    tests: POLICY,
  },
  {
    what: "a batch runs in part",
    file: "src/mcp/gate.ts",
    from: "if (!first) return { admitted };",
    to: "if (!first || messages.length > 1) return { admitted };",
    tests: ["tests/mcp/batch_test.ts"],
  },
  {
    what: "a legacy request that only the SDK can answer passes the gate",
    file: "src/mcp/sdk_lane.ts",
    from: "if (admission.refusal && isSupported) return refuse(admission.refusal);",
    to: "",
    tests: ["tests/mcp/batch_test.ts", "tests/mcp/prompts_test.ts"],
  },
  {
    what: "REQUIRE_AUTH asks for nothing",
    file: "src/mcp/endpoint.ts",
    from: "refused = signInFirst;",
    to: "",
    tests: ["tests/auth/policy_test.ts", "tests/auth/credentials_test.ts", "tests/mcp/own_app_test.ts"],
  },
  {
    what: "a bad token makes an anonymous caller",
    file: "src/mcp/endpoint.ts",
    from: 'return badCredentials(401, "invalid_token", description, fault, () => error.details);',
    to: "return undefined as unknown as Refusal;",
    tests: POLICY,
  },
  {
    what: "an outage of the issuer signs people out",
    file: "src/mcp/endpoint.ts",
    from:
      "return { status: 503, text, retryAfterSeconds, fault: code, details: () => ({ reason: message }) };",
    to: 'return badCredentials(401, "invalid_token", text, code, () => ({}));',
    tests: POLICY,
  },
  {
    what: "an outage of the issuer lets people in as nobody",
    file: "src/mcp/endpoint.ts",
    from:
      "return { status: 503, text, retryAfterSeconds, fault: code, details: () => ({ reason: message }) };",
    to: "return undefined as unknown as Refusal;",
    tests: POLICY,
  },
  {
    what: "a challenge has no WWW-Authenticate header",
    file: "src/mcp/refusal.ts",
    from: '...(params && { "www-authenticate": challenge(params.header) }),',
    to: "",
    tests: POLICY,
  },
  {
    what: "a bad token is told with 200",
    file: "src/mcp/refusal.ts",
    from: "status === 401 && challenge?.header.error === undefined",
    to: "status === 401",
    tests: POLICY,
  },
  {
    what: "a client that tries a bad token again at once is answered at once, however often",
    file: "src/http/rate_limit.ts",
    from: "> MANY_REFUSED) await wait(PAUSE_MS);",
    to: "> MANY_REFUSED) await undefined;",
    tests: ["tests/http/rate_limit_test.ts"],
  },
  {
    what: "an outage of the issuer makes callers wait",
    file: "src/mcp/endpoint.ts",
    from: "if (refused.status !== 503) await rateLimit",
    to: "await rateLimit",
    tests: ["tests/http/rate_limit_test.ts"],
  },
  {
    what: "a flood of refusals fills the log",
    file: "src/http/log_budget.ts",
    from: "return count.lines <= MAX_LINES;",
    to: "return true;",
    tests: ["tests/http/log_budget_test.ts"],
  },
  {
    what: "a flood of one kind keeps other refusals out of the log",
    file: "src/http/log_budget.ts",
    from: "return (kind) => {",
    to: 'return (_kind) => {\n    const kind = "any";',
    tests: ["tests/http/log_budget_test.ts"],
  },
  {
    what: "a cache may keep a refusal",
    file: "src/mcp/refusal.ts",
    from: '"cache-control": "no-store",',
    to: "",
    tests: POLICY,
  },
  {
    what: "a cache may keep what a signed-in person got",
    file: "src/mcp/endpoint.ts",
    from: 'response.headers.set("cache-control", "no-store");',
    to: "",
    tests: POLICY,
  },
  {
    what: "the fixed answers remember what a caller was told",
    file: "src/mcp/dispatch.ts",
    from: "return target?.resource?.fixed === true && target.resource.descriptor.uri === subject;",
    to: "return target?.resource !== undefined;",
    tests: ["tests/mcp/resources_test.ts", "tests/mcp/fixed_answers_test.ts"],
  },
  {
    what: "data that the output schema does not name leaves the server",
    file: "src/mcp/tool.ts",
    from: "const structuredContent = definition.output.parse(data);",
    to: "const structuredContent = data as Record<string, unknown>;",
    tests: ["tests/mcp/own_app_test.ts"],
  },
  {
    what: "a failed tool tells its cause",
    file: "src/mcp/tool.ts",
    from:
      '`"${title}" failed for a reason on our side. Nothing is wrong with your request; try again later.`',
    to: "String(error)",
    tests: ["tests/mcp/failures_test.ts"],
  },
  {
    what: "an answer counts for another person's question",
    file: "src/mcp/confirm.ts",
    from: "[caller?.issuer, caller?.subject, tool.name, args, requests]",
    to: "[tool.name, args, requests]",
    tests: CONFIRM,
  },
  {
    what: "an answer counts for other arguments",
    file: "src/mcp/confirm.ts",
    from: "tool.name, args, requests]",
    to: "tool.name, requests]",
    tests: CONFIRM,
  },
  {
    what: "an answer counts without the state of its question",
    file: "src/mcp/confirm.ts",
    from: "inputResponse(known[asking], name)",
    to: "inputResponse(answer?.responses, name)",
    tests: CONFIRM,
  },
  {
    what: "an answer to one question counts for the next",
    file: "src/mcp/confirm.ts",
    from: "tool.name, args, requests]",
    to: "tool.name, args]",
    tests: CONFIRM,
  },
  {
    what: "roots pass for what a person has said",
    file: "src/mcp/confirm.ts",
    from: "answers[name]!.kind === KINDS[method]",
    to: 'answers[name]!.kind !== "missing" && method !== undefined',
    tests: CONFIRM,
  },
  {
    what: "a client is asked for what it has not declared",
    file: "src/mcp/dispatch.ts",
    from: "if (asksTooMuch(result, message)) return await sdkLane(incoming, admission);",
    to: "",
    tests: CONFIRM,
  },
];

/** What arrives before anybody is asked who they are. */
const HTTP_MUTATIONS: readonly Mutation[] = [
  {
    what: "a call is served under any Host",
    file: "src/server.ts",
    from: "guard.checkHost(request);",
    to: "",
    tests: GUARD,
  },
  {
    what: "a page is served under any Host",
    file: "src/server.ts",
    from: "guard.checkHost(c.req.raw);",
    to: "",
    tests: GUARD,
  },
  {
    what: "any Host is served",
    file: "src/http/guard.ts",
    from: 'if (acceptedHosts.has(host) || acceptedHosts.has(host.replace(/:\\d+$/, ""))) return;',
    to: "return;",
    tests: GUARD,
  },
  {
    what: "web pages of any origin may call",
    file: "src/http/guard.ts",
    from: "if (allowsOrigin(origin)) return;",
    to: "return;",
    tests: GUARD,
  },
  {
    what: "pages on loopback may call a public server",
    file: "src/http/guard.ts",
    from: "return loopback && URL.canParse(origin)",
    to: "return URL.canParse(origin)",
    tests: GUARD,
  },
  {
    what: "a body of any size is read",
    file: "src/http/body.ts",
    from: "readBounded(request.body, MAX_BYTES,",
    to: "readBounded(request.body, 1e9,",
    tests: BODY,
  },
  {
    what: "web forms may post",
    file: "src/http/body.ts",
    from: 'if (["", "application/json", "application/octet-stream"].includes(essence)) return;',
    to: "return;",
    tests: BODY,
  },
  {
    what: "a body may be nested without end",
    file: "src/http/body.ts",
    from: "if (depth === MAX_DEPTH) throw",
    to: "if (false) throw",
    tests: BODY,
  },
  {
    what: "a batch of any length is served",
    file: "src/http/body.ts",
    from: "if (Array.isArray(body) && body.length > MAX_BATCH) {",
    to: "if (false) {",
    tests: [...BODY, "tests/mcp/batch_test.ts"],
  },
  {
    what: "calls of an account are not counted",
    file: "src/mcp/endpoint.ts",
    from: "rateLimit.countAccount(`${caller.issuer} ${caller.subject}`, calls);",
    to: "",
    tests: RATE,
  },
  {
    what: "two accounts of one subject share a budget",
    file: "src/mcp/endpoint.ts",
    from: "rateLimit.countAccount(`${caller.issuer} ${caller.subject}`, calls);",
    to: "rateLimit.countAccount(caller.subject, calls);",
    tests: RATE,
  },
  {
    what: "calls without a token are not counted",
    file: "src/mcp/endpoint.ts",
    from: "rateLimit.countAnonymous(address, subjectHint(messages), calls);",
    to: "",
    tests: RATE,
  },
  {
    what: "tokens can be guessed without end",
    file: "src/mcp/endpoint.ts",
    from: "spendToken: () => rateLimit.countToken(address, calls),",
    to: "spendToken: () => {},",
    tests: RATE,
  },
  {
    what: "a caller says from which address it comes",
    file: "src/http/client_address.ts",
    from: "if (trustedProxies === 0) return peer;",
    to: "",
    tests: ["tests/http/client_address_test.ts"],
  },
  {
    what: "an IPv6 caller has as many budgets as addresses",
    file: "src/net/client_network.ts",
    from: 'if (!address?.includes(":") || address.includes(".")) return address;',
    to: "return address;",
    tests: RATE,
  },
  {
    what: "an error of ours tells its cause",
    file: "src/server.ts",
    from: '"Something went wrong on our side. Try again later."',
    to: "error.message",
    tests: ["tests/mcp/failures_test.ts"],
  },
  {
    what: "tokens stand in the log",
    file: "src/http/log.ts",
    from: "/token|secret",
    to: "/secret",
    tests: LOG,
  },
];

/** The development authorization server. */
const DEVELOPMENT_MUTATIONS: readonly Mutation[] = [
  {
    what: "any code_verifier fits",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: 'if (!sameSecret(createHash("sha256").update(verifier).digest("base64url"), challenge)) {',
    to: "if (false) {",
    tests: DEV_TOKEN,
  },
  {
    what: "PKCE may be plain",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: 'if (parameter("code_challenge_method") !== "S256") {',
    to: "if (false) {",
    tests: DEV_AUTHORIZE,
  },
  {
    what: "a redirect URI only has to begin like a registered one",
    file: "src/dev/issuer/clients/client.ts",
    from: "if (registered.includes(uri)) return true;",
    to: "if (registered.some((known) => uri.startsWith(known))) return true;",
    tests: ["tests/dev/redirect_uri_test.ts"],
  },
  {
    what: "a code works twice",
    file: "src/dev/issuer/grants/grant_store.ts",
    from: "if (row.redeemed_at !== null) return void deleteGrant.run(grant.id);",
    to: "",
    tests: DEV_TOKEN,
  },
  {
    what: "a code lives for a day",
    file: "src/dev/issuer/grants/grant_store.ts",
    from: "if (Number(row.expires_at) <= now()) return undefined;",
    to: "",
    tests: DEV_TOKEN,
  },
  {
    what: "a stolen code works for another client",
    file: "src/dev/issuer/endpoints/token.ts",
    from: "if (grant.clientId !== client.id) {",
    to: "if (false) {",
    tests: DEV_TOKEN,
  },
  {
    what: "a code works for another redirect URI",
    file: "src/dev/issuer/endpoints/token.ts",
    from: "if (redirectUri !== undefined && redirectUri !== binding.redirectUri) {",
    to: "if (false) {",
    tests: DEV_TOKEN,
  },
  {
    what: "a refresh adds scopes",
    file: "src/dev/issuer/endpoints/token.ts",
    from: "if (requested?.some((scope) => !grant.scopes.includes(scope))) {",
    to: "if (false) {",
    tests: ["tests/dev/refresh_test.ts"],
  },
  {
    what: "a refresh token works for ever",
    file: "src/dev/issuer/grants/grant_store.ts",
    from: "if (reused) return void deleteGrant.run(grant.id);",
    to: "",
    tests: ["tests/dev/refresh_test.ts"],
  },
  {
    what: "another browser finishes a sign-in",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: "if (!sameSecret(String(row.browser_hash), hashToken(ticket.browser))) return undefined;",
    to: "",
    tests: DEV_CONSENT,
  },
  {
    what: "another site answers the consent page",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: "if (!sameSecret(String(row.csrf_hash), hashToken(ticket.csrf))) return undefined;",
    to: "",
    tests: DEV_CONSENT,
  },
  {
    what: "a sign-in without a decision gives a code",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: 'if (field("decision") !== "allow") {',
    to: 'if (field("decision") === "deny") {',
    tests: DEV_CONSENT,
  },
  {
    what: "any passcode is right",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: "return passcode === undefined || sameSecret(typed.trim(), passcode);",
    to: "return true;",
    tests: ["tests/dev/people_test.ts", "tests/dev/consent_test.ts", "tests/dev/development_test.ts"],
  },
  {
    what: "whoever registers a client redirects people anywhere",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: "return grants.existFor(client.id) ? redirect(location) : await errorPage(error, location);",
    to: "return redirect(location);",
    tests: DEV_AUTHORIZE,
  },
  {
    what: "any client secret is right",
    file: "src/dev/issuer/clients/client_authentication.ts",
    from:
      "if (client.secretHash === undefined || !sameSecret(hashToken(credentials.secret), client.secretHash)) {",
    to: "if (false) {",
    tests: DEV_CLIENT,
  },
  {
    what: "a client with a secret may leave it out",
    file: "src/dev/issuer/clients/client_authentication.ts",
    from: "if (!client.authenticationMethods.includes(credentials.method)) {",
    to: "if (false) {",
    tests: DEV_CLIENT,
  },
  {
    what: "an assertion works twice",
    file: "src/dev/issuer/clients/client_authentication.ts",
    from: "insert.run(hashToken(JSON.stringify([clientId, jti])), expiresAt).changes === 1",
    to: "insert.run(hashToken(JSON.stringify([clientId, jti])), expiresAt).changes >= 0",
    tests: DEV_CLIENT,
  },
  {
    what: "any client exchanges tokens",
    file: "src/dev/issuer/endpoints/token_exchange.ts",
    from: "if (!client.grantTypes.includes(TOKEN_EXCHANGE)) {",
    to: "if (false) {",
    tests: ["tests/dev/token_exchange_test.ts"],
  },
  {
    what: "an exchange adds scopes",
    file: "src/dev/issuer/endpoints/token_exchange.ts",
    from: "if (scopes.some((scope) => !subject.scopes.includes(scope))) {",
    to: "if (false) {",
    tests: ["tests/dev/token_exchange_test.ts"],
  },
  {
    what: "a client's document leads into the private network",
    file: "src/dev/issuer/clients/document_fetcher.ts",
    from: "if (addresses.length === 0 || !addresses.every(isAllowed)) {",
    to: "if (false) {",
    tests: DEV_DOCUMENTS,
  },
  {
    what: "one public address of a host hides a private one",
    file: "src/dev/issuer/clients/document_fetcher.ts",
    from: "!addresses.every(isAllowed)",
    to: "!addresses.some(isAllowed)",
    tests: DEV_DOCUMENTS,
  },
  {
    what: "a document speaks for another client",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: "|| document.data.client_id !== clientId",
    to: "",
    tests: DEV_DOCUMENTS,
  },
];

/** Every one has to make its tests fail: `deno task mutate`. */
export const MUTATIONS: readonly Mutation[] = [
  ...TOKEN_MUTATIONS,
  ...EXCHANGE_MUTATIONS,
  ...POLICY_MUTATIONS,
  ...HTTP_MUTATIONS,
  ...DEVELOPMENT_MUTATIONS,
  ...AUTHORIZATION_MUTATIONS,
  ...PROTOCOL_MUTATIONS,
];

/** The text with the mutation in it. @throws Error when what it replaces is not there exactly once. */
export function mutate(text: string, { file, what, from, to }: Mutation): string {
  const found = text.split(from).length - 1;
  if (found !== 1) throw new Error(`${file} has ${found} places for "${what}", and must have one:\n${from}`);
  return text.replace(from, () => to);
}
