import assert from "node:assert/strict";
import { playgroundTest } from "./page.ts";

const MY_NOTES = "List my notes";

playgroundTest(
  "an expired token is refreshed, and the person notices nothing",
  async ({ page, ask, waitFor, signIn }) => {
    await ask(MY_NOTES);
    await signIn("Connect");
    await page.getByRole("button", { name: "Expire my token now" }).click();
    await page.getByText("The access token has expired.").waitFor();
    await ask(MY_NOTES);
    await waitFor("done");
    await page.getByRole("tab", { name: "Wire" }).click();
    const log = await page.locator(".wire").innerText();
    assert.match(log, /Refresh the tokens/);
    assert.match(log, /401\s+tools\/call list_notes/);
  },
);

playgroundTest(
  "a token of a new key is accepted once the server looks for keys again",
  async ({ page, served, ask, waitFor, signIn }) => {
    await ask(MY_NOTES);
    await signIn("Connect");
    await page.getByRole("button", { name: "Rotate keys" }).click();
    await page.getByText("New tokens are signed with a new key.").waitFor();
    await ask(MY_NOTES);
    await waitFor("done");
    // Unknown keys make the server look at most twice a minute.
    served.pass(31);
    await page.getByRole("button", { name: "Expire my token now" }).click();
    await page.getByText("The access token has expired.").waitFor();
    await ask(MY_NOTES);
    await waitFor("done");
  },
);

playgroundTest(
  "while the authorization server is down what can work works, and the rest heals afterwards",
  async ({ page, ask, waitFor, signIn, notice }) => {
    const outage = page.getByRole("button", { name: "Authorization server down" });
    await ask(MY_NOTES);
    await outage.click();
    await page.getByText("The authorization server is down.").waitFor();
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText("The authorization server does not answer.").waitFor();
    await ask("Search notes for rules");
    await waitFor("done");

    await outage.click();
    await page.getByText("The authorization server is back.").waitFor();
    await signIn("Connect");
    await outage.click();
    await page.getByText("The authorization server is down.").waitFor();
    await ask(MY_NOTES);
    await waitFor("done");

    await page.getByRole("button", { name: "Expire my token now" }).click();
    await page.getByText("The access token has expired.").waitFor();
    await ask(MY_NOTES);
    await waitFor("failed");
    await page.getByRole("button", { name: /^Signed in as Ada/ }).waitFor();
    await outage.click();
    await page.getByText("The authorization server is back.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await waitFor("done");
    assert.match(await notice(), /is back/);
  },
);

playgroundTest(
  "people and widgets get the server's sentence when it cannot check a token, and no JSON",
  async ({ page, served, ask, waitFor, signIn, widget }) => {
    await ask(MY_NOTES);
    await signIn("Connect");
    const notes = await widget("Ask Babbage");
    // A token that is signed with a key which the server does not know yet, and cannot fetch.
    await page.getByRole("button", { name: "Rotate keys" }).click();
    await page.getByText("New tokens are signed with a new key.").waitFor();
    await page.getByRole("button", { name: "Expire my token now" }).click();
    await page.getByText("The access token has expired.").waitFor();
    await page.getByRole("button", { name: "Authorization server down" }).click();
    await page.getByText("The authorization server is down.").waitFor();
    served.pass(31);

    const told = notes.evaluate(() =>
      new Promise<string>((resolve) =>
        addEventListener("message", ({ data }) => data.error && resolve(data.error.message))
      )
    );
    await notes.getByRole("button", { name: "Copy" }).first().click();
    assert.doesNotMatch(await told, /[{}]|POSTing/);
    await ask(MY_NOTES);
    await waitFor("failed");
    const failure = await page.getByRole("alert").innerText();
    assert.doesNotMatch(failure, /[{}]|POSTing/);
    assert.ok(failure.includes(await told));
  },
);
