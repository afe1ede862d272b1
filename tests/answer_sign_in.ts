import assert from "node:assert/strict";
import { encoded, type Fields, readPage } from "./dev/flow.ts";

/**
 * Opens the development sign-in page and answers it, as a browser with a person in front of it does.
 *
 * @param answer What the person changes on the form: Ada, who allows everything, unless it says otherwise.
 * @returns Where the browser is sent next: the client's redirect URI with the parameters of the answer.
 * @throws AssertionError with the text of the page when the answer is not taken.
 */
export async function answerSignIn(url: URL, answer: Fields = {}, send: typeof fetch = fetch): Promise<URL> {
  const page = await readPage(await send(url));
  const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1];
  assert.ok(action, page.text);
  const response = await send(action, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: page.cookie },
    body: encoded({ ...page.hidden, decision: "allow", person: "ada", ...answer }),
  });
  assert.equal(response.status, 303, await response.text());
  return new URL(response.headers.get("location") ?? "");
}
