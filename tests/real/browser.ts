const STEPS = 12;

/**
 * Signs a person in as their browser would: follows redirects, keeps cookies, and sends every form that it is shown.
 *
 * @param login The name to sign in under, where a form asks for one.
 * @returns The parameters of the redirect that leaves the authorization server.
 */
export async function signIn(authorizationUrl: URL, login: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let url = authorizationUrl;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < STEPS; step++) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie },
      ...(form && { method: "POST", body: form }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      cookies.set(name, value);
    }
    const page = await response.text();
    const location = response.headers.get("location");
    url = new URL(location ?? /<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? fail(response, page), url);
    if (url.origin !== authorizationUrl.origin) return url.searchParams;
    form = location ? undefined : fillIn(page, login);
  }
  throw new Error(`Signing in did not come to an end within ${STEPS} steps.`);
}

/** Hidden fields as they are, and the name wherever something has to be typed. */
function fillIn(page: string, login: string): URLSearchParams {
  const fields = [...page.matchAll(/<input[^>]* name="([^"]+)"[^>]*>/g)];
  return new URLSearchParams(
    fields.map(([input, name = ""]) => [name, / value="([^"]*)"/.exec(input)?.[1] ?? login]),
  );
}

function fail({ status, url }: Response, page: string): never {
  throw new Error(`No form and no redirect at ${url} (HTTP ${status}): ${page}`);
}
