import type { Mutation } from "./mutations.ts";

const PRM = ["tests/auth/metadata_test.ts"];
const CONFIG = ["tests/config/config_test.ts"];
const CREDENTIALS = ["tests/auth/credentials_test.ts"];
const TRANSPORT = ["tests/requirements/transport_test.ts"];
const METADATA = ["tests/dev/metadata_test.ts"];
const REDIRECT_URIS = ["tests/dev/redirect_uri_registration_test.ts"];
const AUTHORIZE = ["tests/dev/authorize_test.ts"];
const PAGE = ["tests/dev/consent_page_test.ts"];
const TOKEN = ["tests/dev/token_test.ts"];
const CLIENT_ID_URL = ["tests/dev/client_id_url_test.ts"];
const DOCUMENTS = ["tests/dev/client_documents_test.ts"];
const FETCHER = ["tests/dev/document_fetcher_test.ts"];
const REGISTRATION = ["tests/dev/registration_test.ts"];
const BRIDGE = ["tests/ui/bridge_test.ts"];
const LIFECYCLE = ["tests/ui/lifecycle_test.ts"];
const STATES = ["tests/ui/states_test.ts"];
const BUILT_PAGE = ["tests/ui/page_test.ts"];

/** Who is asked to sign in, how, and what counts as having done so. */
const CALLER_MUTATIONS: readonly Mutation[] = [
  {
    what: "a call without a token is refused without a challenge",
    file: "src/mcp/refusal.ts",
    from: '...(params && { "www-authenticate": challenge(params.header) }),',
    to: "",
    tests: TRANSPORT,
  },
  {
    what: "a challenge names the metadata by its path only",
    file: "src/server.ts",
    from: "createChallenge(resource.metadataUrl)",
    to: "createChallenge(new URL(resource.metadataUrl).pathname)",
    tests: TRANSPORT,
  },
  {
    what: "a token in the query signs in",
    file: "src/mcp/endpoint.ts",
    from: "await authenticate(request.headers, verify, budget)",
    to: `await authenticate(
      new URL(request.url).searchParams.has("access_token")
        ? new Headers({ authorization: \`Bearer \${new URL(request.url).searchParams.get("access_token")}\` })
        : request.headers,
      verify,
      budget,
    )`,
    tests: CREDENTIALS,
  },
  {
    what: "a token among the arguments signs in",
    file: "src/mcp/endpoint.ts",
    from: "await authenticate(request.headers, verify, budget)",
    to: `await authenticate(
      messages[0]?.params.arguments?.access_token
        ? new Headers({ authorization: \`Bearer \${messages[0].params.arguments.access_token}\` })
        : request.headers,
      verify,
      budget,
    )`,
    tests: CREDENTIALS,
  },
  {
    what: "an expired token is asked for scopes: its seconds are taken for milliseconds",
    file: "src/auth/verify.ts",
    from: "clockTolerance: CLOCK_TOLERANCE_SECONDS,",
    to: "clockTolerance: CLOCK_TOLERANCE_SECONDS * 1000,",
    tests: CREDENTIALS,
  },
  {
    what: "a session id is as good as the token that once came with it",
    file: "src/auth/bearer.ts",
    from: `if (credentials.kind === "none") return undefined;
  if (credentials.kind === "bearer") return verify(credentials.token, budget);`,
    to: `const sessions = globalThis.sessions ??= new Map();
  const session = headers.get("mcp-session-id");
  if (credentials.kind === "none") return session ? sessions.get(session) : undefined;
  if (credentials.kind === "bearer") {
    return Promise.resolve(verify(credentials.token, budget)).then((caller) => {
      if (session) sessions.set(session, caller);
      return caller;
    });
  }`,
    tests: CREDENTIALS,
  },
  {
    what: "a caller is who ChatGPT's hint says",
    file: "src/mcp/endpoint.ts",
    from: "caller = await authenticate(request.headers, verify, budget);",
    to: `const subject = subjectHint(messages);
      caller = await authenticate(request.headers, verify, budget) ??
        (subject && { issuer: "openai", subject, scopes: { has: () => true }, claims: {} });`,
    tests: CREDENTIALS,
  },
  {
    what: "a configured URL may be plain http anywhere",
    file: "src/config/public_url.ts",
    from: '(value) => new URL(value).protocol === "https:" || isLoopback(new URL(value).hostname)',
    to: "() => true",
    tests: CONFIG,
  },
  {
    what: "a configured URL may have a fragment",
    file: "src/config/public_url.ts",
    from: "!/[?#]/.test(value)",
    to: "!/[?]/.test(value)",
    tests: CONFIG,
  },
];

/** The protected resource metadata. */
const RESOURCE_MUTATIONS: readonly Mutation[] = [
  {
    what: "the resource's metadata is served at the root only",
    file: "src/auth/resource.ts",
    from: "[...new Set([decoded(inserted), WELL_KNOWN])]",
    to: "[WELL_KNOWN]",
    tests: PRM,
  },
  {
    what: "an issuer gets a slash in the resource's metadata",
    file: "src/auth/resource.ts",
    from: "authorization_servers: issuers,",
    to: "authorization_servers: issuers.map((issuer) => new URL(issuer).href),",
    tests: PRM,
  },
  {
    what: "the resource's metadata lies behind the path of the endpoint",
    file: "src/auth/resource.ts",
    from: "WELL_KNOWN + pathname",
    to: "pathname + WELL_KNOWN",
    tests: PRM,
  },
  {
    what: "a resource without a path gets a slash in its metadata",
    file: "src/auth/resource.ts",
    from: "      resource,\n      authorization_servers",
    to: "      resource: new URL(resource).href,\n      authorization_servers",
    tests: PRM,
  },
  {
    what: "the resource's metadata is sent as text",
    file: "src/server.ts",
    from: "c.json(resource.metadata, 200",
    to: "c.text(JSON.stringify(resource.metadata), 200",
    tests: ["tests/mcp/never_test.ts"],
  },
  {
    what: "an app without scopes has an empty list of them in its metadata",
    file: "src/auth/resource.ts",
    from: "scopes_supported: scopes.length > 0 ? scopes : undefined,",
    to: "scopes_supported: scopes,",
    tests: PRM,
  },
];

/** What the development authorization server says about itself. */
const ISSUER_MUTATIONS: readonly Mutation[] = [
  {
    what: "the issuer's metadata is sent as text",
    file: "src/dev/issuer/issuer.ts",
    from: "c.json(metadata)",
    to: "c.text(JSON.stringify(metadata))",
    tests: METADATA,
  },
  {
    what: "the issuer's metadata is looked for at the root, whatever its path",
    file: "src/dev/issuer/metadata.ts",
    from: "`/.well-known/openid-configuration${path}`",
    to: "`/.well-known/openid-configuration`",
    tests: METADATA,
  },
  {
    what: "the issuer has a slash more in its metadata than in its tokens",
    file: "src/dev/issuer/metadata.ts",
    from: "    issuer,\n    authorization_endpoint",
    to: "    issuer: `${issuer}/`,\n    authorization_endpoint",
    tests: METADATA,
  },
  {
    what: "clients are not told that S256 is possible",
    file: "src/dev/issuer/metadata.ts",
    from: "    code_challenge_methods_supported: CODE_CHALLENGE_METHODS,\n",
    to: "",
    tests: METADATA,
  },
  {
    what: "public clients are not told that they may come without a secret",
    file: "src/dev/issuer/metadata.ts",
    from: "token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,",
    to:
      'token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS.filter((name) => name !== "none"),',
    tests: METADATA,
  },
  {
    what: "an authorization response of a success does not name its issuer",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: "responseUri(redirectUri, { code, state, iss: issuer })",
    to: "responseUri(redirectUri, { code, state })",
    tests: METADATA,
  },
  {
    what: "an authorization response of an error does not name its issuer",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: 'state: query.get("state") ?? undefined,\n        iss: issuer,',
    to: 'state: query.get("state") ?? undefined,',
    tests: METADATA,
  },
  {
    what: "an issuer without scopes has an empty list of them in its metadata",
    file: "src/dev/issuer/metadata.ts",
    from: "[...Object.keys(scopes), ...Object.keys(OPENID_SCOPES)]",
    to: "Object.keys(scopes)",
    tests: METADATA,
  },
  {
    what: "the issuer may be plain http anywhere",
    file: "src/dev/issuer/metadata.ts",
    from: '(url?.protocol === "http:" && isLoopback(url.hostname))',
    to: 'url?.protocol === "http:"',
    tests: METADATA,
  },
  {
    what: "any web page reads what the authorization endpoint answers",
    file: "src/dev/issuer/issuer.ts",
    from: "for (const url of [urls.jwks,",
    to: "for (const url of [urls.authorization, urls.jwks,",
    tests: METADATA,
  },
];

/** Authorization requests and the consent page of the development authorization server. */
const CONSENT_MUTATIONS: readonly Mutation[] = [
  {
    what: "a client registers a redirect URI with a fragment",
    file: "src/dev/issuer/clients/client.ts",
    from: 'if (uri.includes("#")) return "has a fragment";',
    to: "",
    tests: REDIRECT_URIS,
  },
  {
    what: "a client registers a redirect URI that a browser runs",
    file: "src/dev/issuer/clients/client.ts",
    from: 'if (BROWSER_SCHEMES.test(url.protocol)) return "uses a scheme that a browser interprets";',
    to: "",
    tests: REDIRECT_URIS,
  },
  {
    what: "a client registers a redirect URI of plain http on another machine",
    file: "src/dev/issuer/clients/client.ts",
    from: 'if (url.protocol === "http:" && !isLoopback(url.hostname)) return "uses http outside loopback";',
    to: "",
    tests: REDIRECT_URIS,
  },
  {
    what: "a second resource hides behind the first",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: 'of values.getAll("resource")) {',
    to: 'of values.getAll("resource").slice(0, 1)) {',
    tests: AUTHORIZE,
  },
  {
    what: "a resource only has to begin like ours",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: "if (URL.parse(value)?.href !== expected) {",
    to: "if (!value.startsWith(expected)) {",
    tests: AUTHORIZE,
  },
  {
    what: "any response_type is taken for code",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: 'if (responseType !== "code") {',
    to: "if (false) {",
    tests: AUTHORIZE,
  },
  {
    what: "a client does not get its state back",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: "responseUri(redirectUri, { code, state, iss: issuer })",
    to: "responseUri(redirectUri, { code, iss: issuer })",
    tests: AUTHORIZE,
  },
  {
    what: "a client that asks for unknown scopes only gets a token",
    file: "src/dev/issuer/grants/authorization_request.ts",
    from: "if (known.length === 0) throw",
    to: "if (false) throw",
    tests: AUTHORIZE,
  },
  {
    what: "a client is not told which of its scopes were granted",
    file: "src/dev/issuer/endpoints/token.ts",
    from: '      ...(scopes.length > 0 && { scope: scopes.join(" ") }),\n',
    to: "",
    tests: AUTHORIZE,
  },
  {
    what: "the consent page does not say where the app leads",
    file: "src/dev/issuer/pages/consent_page.ts",
    from: "<div><dt>Returns to</dt><dd>${redirectTarget(redirectUri)}</dd></div>",
    to: "",
    tests: PAGE,
  },
  {
    what: "the consent page names every scope, not what is asked for",
    file: "src/dev/issuer/pages/consent_page.ts",
    from: "authorizationRequest.scopes.map(",
    to: "Object.keys(scopes).map(",
    tests: PAGE,
  },
  {
    what: "a client's name turns the consent page's text around",
    file: "src/dev/issuer/pages/consent_page.ts",
    from: "plainText(client.name, 60)",
    to: "client.name.slice(0, 60)",
    tests: PAGE,
  },
  {
    what: "a client's name is markup in the title of the consent page",
    file: "src/dev/issuer/pages/page.ts",
    from: "<title>${title}</title>",
    to: "<title>${raw(title)}</title>",
    tests: PAGE,
  },
  {
    what: "a site frames the consent page",
    file: "src/dev/issuer/pages/page.ts",
    from: "    \"frame-ancestors 'none'\",\n",
    to: "",
    tests: PAGE,
  },
  {
    what: "the consent page tells its address to where it leads",
    file: "src/dev/issuer/pages/page_headers.ts",
    from: '    "referrer-policy": "no-referrer",\n',
    to: "",
    tests: PAGE,
  },
  {
    what: "the sign-in cookie is sent with another site's form",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: "HttpOnly; SameSite=Lax${",
    to: "HttpOnly; SameSite=None${",
    tests: PAGE,
  },
  {
    what: "the sign-in cookie travels without TLS",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: '${secure ? "; Secure" : ""}',
    to: "",
    tests: PAGE,
  },
  {
    what: "the consent form, passcode included, is posted on to the client",
    file: "src/dev/issuer/endpoints/authorization.ts",
    from: "status: 303,",
    to: "status: 307,",
    tests: ["tests/dev/consent_test.ts"],
  },
];

/** The token endpoint of the development authorization server. */
const TOKEN_ENDPOINT_MUTATIONS: readonly Mutation[] = [
  {
    what: "the token endpoint reads any media type as a form",
    file: "src/dev/issuer/endpoints/body.ts",
    from: "if (sent !== mediaType) throw",
    to: "if (false) throw",
    tests: TOKEN,
  },
  {
    what: "of a repeated parameter the first counts",
    file: "src/dev/issuer/endpoints/body.ts",
    from: "if (new Set(names).size < names.length) {",
    to: "if (false) {",
    tests: TOKEN,
  },
  {
    what: "an access token does not say that it is one",
    file: "src/dev/issuer/keys/signed_tokens.ts",
    from: 'typ: "at+jwt", kid',
    to: 'typ: "JWT", kid',
    tests: TOKEN,
  },
  {
    what: "an access token does not say for which client it is",
    file: "src/dev/issuer/keys/signed_tokens.ts",
    from: "        client_id: clientId,\n",
    to: "",
    tests: TOKEN,
  },
  {
    what: "caches keep tokens",
    file: "src/dev/issuer/endpoints/token.ts",
    from: '    }, { headers: { "cache-control": "no-store" } });',
    to: "    });",
    tests: TOKEN,
  },
  {
    what: "a client is not told how long its token lives",
    file: "src/dev/issuer/endpoints/token.ts",
    from: "      expires_in: signer.accessTokenSeconds,\n",
    to: "",
    tests: TOKEN,
  },
];

/** Clients of the development authorization server: by their document, or registered. */
const CLIENT_MUTATIONS: readonly Mutation[] = [
  {
    what: "a client ID URL may have user information",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: 'if (url.username !== "" || url.password !== "") return "has user information";',
    to: "",
    tests: CLIENT_ID_URL,
  },
  {
    what: "a client ID URL is taken in any spelling, dot segments included",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: 'if (url.href !== clientId) return "is not in its normal spelling";',
    to: "",
    tests: CLIENT_ID_URL,
  },
  {
    what: "a document speaks for every client of its host",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: "document.data.client_id !== clientId",
    to: "URL.parse(document.data.client_id)?.hostname !== new URL(clientId).hostname",
    tests: CLIENT_ID_URL,
  },
  {
    what: "any success counts for a client's document",
    file: "src/dev/issuer/clients/document_fetcher.ts",
    from: "if (response.status !== 200) {",
    to: "if (!response.ok) {",
    tests: FETCHER,
  },
  {
    what: "a redirect leads to a client's document",
    file: "src/dev/issuer/clients/document_fetcher.ts",
    from: 'redirect: "manual",',
    to: 'redirect: "follow",',
    tests: ["tests/dev/loopback_document_test.ts"],
  },
  {
    what: "an invalid document is kept, and refused after it is mended",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: "const parsed = parse(value);",
    to:
      "cache.set(url, { value, until: now() + DEFAULT_AGE_SECONDS * 1000 });\n    const parsed = parse(value);",
    tests: DOCUMENTS,
  },
  {
    what: "a document is kept for as long as its host likes",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: "Math.min(maxAgeSeconds ?? DEFAULT_AGE_SECONDS, MAX_AGE_SECONDS)",
    to: "maxAgeSeconds ?? DEFAULT_AGE_SECONDS",
    tests: DOCUMENTS,
  },
  {
    what: "a client whose document asks for a key comes without one",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: 'requested.length > 0 ? requested : ["none"]',
    to: '["none", ...requested]',
    tests: DOCUMENTS,
  },
  {
    what: "a registration is 200",
    file: "src/dev/issuer/clients/registration.ts",
    from: "status: 201,",
    to: "status: 200,",
    tests: REGISTRATION,
  },
  {
    what: "a registration does not say what was registered",
    file: "src/dev/issuer/clients/registration.ts",
    from: "{ client_id: id, ...issued, ...metadata }",
    to: "{ client_id: id, ...issued }",
    tests: REGISTRATION,
  },
  {
    what: "a bad redirect URI is called bad metadata",
    file: "src/dev/issuer/clients/client.ts",
    from: 'member.startsWith("redirect_uris") ? "invalid_redirect_uri" : "invalid_client_metadata"',
    to: '"invalid_client_metadata"',
    tests: REGISTRATION,
  },
  {
    what: "a client that states no method gets no secret",
    file: "src/dev/issuer/clients/registration.ts",
    from: 'const method = metadata.token_endpoint_auth_method ?? "client_secret_basic";',
    to: 'const method = metadata.token_endpoint_auth_method ?? "none";',
    tests: REGISTRATION,
  },
];

/** What a widget says to its host, and keeps. */
const WIDGET_MUTATIONS: readonly Mutation[] = [
  {
    what: "a widget reports its size before it introduces itself",
    file: "src/ui/connect.ts",
    from: 'const initialized = peer.request("ui/initialize", {',
    to: `peer.notify("ui/notifications/size-changed", { height: document.body.offsetHeight });
  const initialized = peer.request("ui/initialize", {`,
    tests: LIFECYCLE,
  },
  {
    what: "a widget reports its size before it is initialized",
    file: "src/ui/connect.ts",
    from: '    peer.notify("ui/notifications/initialized", {});\n',
    to: `    peer.notify("ui/notifications/size-changed", { height: document.body.offsetHeight });
    peer.notify("ui/notifications/initialized", {});\n`,
    tests: LIFECYCLE,
  },
  {
    what: "a widget does not say how it can be shown",
    file: "src/ui/connect.ts",
    from: "appCapabilities: { availableDisplayModes: declaredModes() },",
    to: "appCapabilities: {},",
    tests: LIFECYCLE,
  },
  {
    what: "arguments that are still being written count as whole",
    file: "src/ui/connect.ts",
    from: "showInput(params.arguments, false)",
    to: "showInput(params.arguments, true)",
    tests: BRIDGE,
  },
  {
    what: "a widget does not notice that its call was cancelled",
    file: "src/ui/connect.ts",
    from: '    "ui/notifications/tool-cancelled": () => show({ state: "cancelled" }),\n',
    to: "",
    tests: BRIDGE,
  },
  {
    what: "a widget shows a failed call as one that found nothing",
    file: "src/ui/frame.tsx",
    from: "if (result.isError) return",
    to: "if (false) return",
    tests: STATES,
  },
  {
    what: "a widget breaks on a result without data",
    file: "src/ui/frame.tsx",
    from: "children(asRecord(result.structuredContent))",
    to: "children(result.structuredContent)",
    tests: STATES,
  },
  {
    what: "a widget gives no answer when it is about to be taken away",
    file: "src/ui/connect.ts",
    from: '"ui/resource-teardown": () => {',
    to: '"ui/notifications/resource-teardown": () => {',
    tests: ["tests/ui/look_test.ts"],
  },
  {
    what: "a widget asks for a link in the words of another protocol",
    file: "src/ui/use_host.ts",
    from: '"ui/open-link"',
    to: '"ui/open-external"',
    tests: BRIDGE,
  },
  {
    what: "a widget speaks in the chat in the words of another protocol",
    file: "src/ui/connect.ts",
    from: 'ask("ui/message",',
    to: 'ask("ui/send-follow-up-message",',
    tests: ["tests/requirements/view_test.ts"],
  },
  {
    what: "a widget keeps results, and what they say of the sign-in, in the browser",
    file: "src/ui/connect.ts",
    from: '(result) => show({ state: "result", result }),\n    "ui/notifications/tool-cancelled"',
    to: `(result) => {
      sessionStorage.setItem(name, JSON.stringify(result));
      show({ state: "result", result });
    },
    "ui/notifications/tool-cancelled"`,
    tests: BUILT_PAGE,
  },
  {
    what: "a widget keeps what the person did in the browser",
    file: "src/ui/use_host.ts",
    from: "const privateContent = { ...kept(), [key]: next };",
    to:
      "const privateContent = { ...kept(), [key]: next };\n    localStorage.setItem(key, JSON.stringify(next));",
    tests: BRIDGE,
  },
  {
    what: "a widget opens a dialog when the chat refuses it",
    file: "src/ui/ask_button.tsx",
    from: '() => setState("failed"))',
    to: "() => alert(hint))",
    tests: BUILT_PAGE,
  },
];

/** What authorization, on both sides of it, and a widget have to do for a client or a host. */
export const AUTHORIZATION_MUTATIONS: readonly Mutation[] = [
  ...CALLER_MUTATIONS,
  ...RESOURCE_MUTATIONS,
  ...ISSUER_MUTATIONS,
  ...CONSENT_MUTATIONS,
  ...TOKEN_ENDPOINT_MUTATIONS,
  ...CLIENT_MUTATIONS,
  ...WIDGET_MUTATIONS,
  {
    what: "a client's document needs no name",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: "client_name: z.string().min(1) })",
    to: 'client_name: z.string().default("An app") })',
    tests: ["tests/dev/client_documents_test.ts"],
  },
  {
    what: "a client with a document may lead to this machine, whatever its document says",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: "redirectUris: metadata.redirect_uris,",
    to: 'redirectUris: [...metadata.redirect_uris, "http://127.0.0.1:9999/callback"],',
    tests: ["tests/dev/client_documents_test.ts"],
  },
  {
    what: "a client's document may hold a secret",
    file: "src/dev/issuer/clients/client_documents.ts",
    from: '!("client_secret" in document || "client_secret_expires_at" in document)',
    to: "true",
    tests: ["tests/dev/client_documents_test.ts"],
  },
];
