/**
 * `deno task --quiet token [person] [scope…]`: an access token of the development authorization server, for curl. It
 * signs in at the server that runs here, as a client and a browser with a person in front of it do.
 */
import { describeOutcome, fetchJson } from "../net/fetch_json.ts";
import { opaqueToken } from "./issuer/opaque_token.ts";

/** Nothing listens there: the code is read from the redirect. */
const REDIRECT_URI = "http://127.0.0.1/callback";

/**
 * Registers a client, signs a person in and gives back the access token.
 *
 * @param server Origin of a running server, such as `http://localhost:8000`.
 * @param person Any name; it is typed into the sign-in page.
 * @param scopes All that the server knows when there are none.
 * @throws Error in words for the person at the terminal.
 */
export async function getToken(
  server: string,
  person: string,
  scopes: readonly string[],
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const ask = async (url: unknown, init?: RequestInit) => {
    const outcome = await fetchJson(String(url), fetch, { ...init, readErrors: true });
    if (outcome.kind === "json") return outcome.value;
    if (outcome.kind === "unreachable") {
      throw new Error(
        `Nothing answers at ${server}: run \`deno task start\` in another terminal, with the same PORT.`,
      );
    }
    const { error_description } = outcome.kind === "status" ? outcome.value ?? {} : {};
    throw new Error(
      `${String(url)} does not answer as the development authorization server: ${
        error_description ?? describeOutcome(outcome)
      }`,
    );
  };
  const metadata = await ask(`${server}/.well-known/oauth-authorization-server/auth`);
  const known = [metadata["scopes_supported"] ?? []].flat();
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown !== undefined) {
    throw new Error(`There is no scope "${unknown}". The scopes are ${known.join(" and ")}.`);
  }
  const post = async (url: unknown, body: BodyInit, headers: Record<string, string> = {}) =>
    await fetch(String(url), { method: "POST", redirect: "manual", body, headers });
  const registered = await post(
    metadata["registration_endpoint"],
    JSON.stringify({
      client_name: "deno task token",
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
    }),
    { "content-type": "application/json" },
  );
  const { client_id } = await registered.json();
  const verifier = opaqueToken();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    ...{ response_type: "code", client_id, redirect_uri: REDIRECT_URI, code_challenge_method: "S256" },
    code_challenge: new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true }),
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
  });
  const page = await fetch(`${metadata["authorization_endpoint"]}?${query}`);
  const hidden = (await page.text()).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)"/g);
  const answer = new URLSearchParams([...hidden].map(([, name = "", value = ""]) => [name, value]));
  for (const [name, value] of Object.entries({ decision: "allow", person: "other", name: person })) {
    answer.set(name, value);
  }
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const allowed = await post(new URL("consent", `${metadata["issuer"]}/`), answer, { cookie });
  const code = new URL(allowed.headers.get("location") ?? REDIRECT_URI).searchParams.get("code");
  if (code === null) throw new Error(`${person} could not sign in at ${server}.`);
  const { access_token } = await ask(metadata["token_endpoint"], {
    method: "POST",
    body: new URLSearchParams({
      ...{ grant_type: "authorization_code", code, client_id },
      ...{ redirect_uri: REDIRECT_URI, code_verifier: verifier },
    }),
  });
  return String(access_token);
}

if (import.meta.main) {
  const [person = "Ada", ...scopes] = Deno.args;
  try {
    console.log(await getToken(`http://localhost:${Deno.env.get("PORT") ?? 8000}`, person, scopes, fetch));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exitCode = 1;
  }
}
