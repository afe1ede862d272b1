import assert from "node:assert/strict";
import type { Response } from "playwright-core";
import { playgroundTest } from "./page.ts";

playgroundTest("the wire log shows every exchange and never a secret", async ({ page, ask, signIn }) => {
  const responses: Response[] = [];
  page.context().on("response", (response) => responses.push(response));
  await ask("List my notes");
  await signIn("Connect");
  await page.getByRole("button", { name: "Expire my token now" }).click();
  await page.getByText("The access token has expired.").waitFor();
  await ask("List my notes");

  await page.getByRole("tab", { name: "Wire" }).click();
  for (const exchange of await page.locator(".wire summary").all()) await exchange.click();
  const log = await page.locator(".wire").innerText();
  for (
    const title of [
      "Read the resource metadata",
      "Register as a client",
      "Redeem the code for tokens",
      "Read who signed in",
    ]
  ) {
    assert.ok(log.includes(title), title);
  }
  assert.match(log, /authorization: Bearer ‹hidden, \d+ characters›/);
  assert.match(log, /www-authenticate: Bearer .*resource_metadata="/);

  const secrets: string[] = [];
  for (const response of responses) {
    const { pathname, searchParams } = new URL(response.url());
    if (pathname === "/playground/callback") secrets.push(searchParams.get("code") ?? "");
    if (!/\/(token|expired-token)$/.test(pathname)) continue;
    const { access_token, refresh_token, id_token } = await response.json();
    secrets.push(...[access_token, refresh_token, id_token].filter(Boolean));
  }
  assert.equal(secrets.length, 1 + 3 + 1 + 3, "code, tokens, expired token, refreshed tokens");
  const shown = await page.locator("html").innerHTML();
  for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is shown");
});

playgroundTest(
  "each challenge is explained, with a link to its rule",
  async ({ page, choose, ask, signIn }) => {
    const explained = async () => {
      const entry = page.locator(".wire > li", { hasText: "tools/call list_notes" }).first();
      const rules = await entry.locator(".notes a").evaluateAll((links) =>
        links.map((link) => link.getAttribute("href"))
      );
      return { text: await entry.innerText(), rules };
    };
    await choose("Generic");
    await page.getByRole("tab", { name: "Wire" }).click();
    await ask("List my notes");
    const missing = await explained();
    assert.match(missing.text, /^401[\s\S]*No token was sent/);
    assert.deepEqual(missing.rules, [
      "https://www.rfc-editor.org/rfc/rfc6750#section-3.1",
      "https://www.rfc-editor.org/rfc/rfc9728#section-5.1",
    ]);
    await signIn("Sign in");
    await page.getByRole("button", { name: "Allow" }).waitFor();
    const insufficient = await explained();
    assert.match(insufficient.text, /^403[\s\S]*The token is valid, but it does not allow this/);
    assert.match(insufficient.rules[0] ?? "", /modelcontextprotocol\.io.*authorization/);
  },
);

playgroundTest("only the ChatGPT-like host sends ChatGPT's hints", async ({ page, choose, ask }) => {
  await page.getByRole("tab", { name: "Wire" }).click();
  const hints = async () => {
    await ask("Search notes for rules");
    const call = page.locator(".wire > li", { has: page.getByText("tools/call search_notes") }).first();
    await call.locator("summary").click();
    return (await call.innerText()).match(/"openai\/\w+"/g);
  };
  assert.deepEqual(await hints(), ['"openai/locale"', '"openai/userAgent"', '"openai/subject"']);
  await page.getByRole("tab", { name: "Host" }).click();
  await choose("Generic");
  await page.getByRole("tab", { name: "Wire" }).click();
  assert.equal(await hints(), null);
});
