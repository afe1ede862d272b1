import assert from "node:assert/strict";
import { playgroundTest } from "./page.ts";

for (const shell of ["ChatGPT-like", "Generic"]) {
  for (const era of ["2025-11-25", "2026-07-28"]) {
    playgroundTest(
      `a person searches, signs in and sees their notes in a ${shell} host of ${era}`,
      async ({ page, choose, ask, waitFor, signIn, widget }) => {
        await choose(shell);
        await choose(era);
        await ask("Search notes for rules");
        await waitFor("done");
        await widget("House rules");

        await ask("List my notes");
        await waitFor("challenged");
        await page.getByText("What just happened").click();
        const words = await page.locator(".challenge").innerText();
        assert.match(
          words,
          shell === "Generic" ? /answers 401 and names no error/ : /tool result that is an error/,
        );
        assert.match(words, /RFC 9728, 5\.1/);

        await signIn("Connect");
        await waitFor("done");
        await widget("Ask Babbage");
        await page.getByRole("button", { name: "Signed in as Ada" }).waitFor();
      },
    );
  }
}

for (const width of [1200, 360]) {
  playgroundTest(
    `a tool that changes something is not called from the chat: a button opens its form, ${width} pixels wide`,
    async ({ page }) => {
      await page.getByLabel("Message").fill("Add a note");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("Add a note changes something: call it in Tools.").waitFor();
      assert.equal(await page.getByRole("article").count(), 0);
      const form = page.locator("details.tool", { hasText: "add_note" });
      for (const openedBefore of [false, true]) {
        await page.getByRole("button", { name: "Open its form" }).click();
        await form.getByRole("button", { name: "Call" }).waitFor();
        assert.equal(await form.locator("summary").evaluate((line) => line === document.activeElement), true);
        if (openedBefore) break;
        await page.getByRole("tab", { name: "Host" }).click();
        if (width < 600) await page.getByRole("button", { name: "Chat", exact: true }).click();
      }
      await form.getByLabel("title").fill("Stamps");
      await form.getByRole("button", { name: "Call" }).click();
      await page.getByRole("article", { name: "Call of add_note" }).waitFor();
    },
    { width },
  );
}

playgroundTest(
  "a good token without the scope is challenged for more, and what was allowed stays allowed",
  async ({ page, ask, waitFor, signIn, widget }) => {
    await signIn("Sign in");
    await ask("List my notes");
    await waitFor("challenged");
    assert.match(await page.locator(".challenge").innerText(), /One more permission.*notes:read/s);
    await signIn("Allow");
    await waitFor("done");
    await widget("Ask Babbage");
    await page.getByRole("button", { name: "Signed in as Ada" }).click();
    const scopes = await page.locator(".scopes").innerText();
    for (const scope of ["openid", "profile", "notes:read"]) assert.ok(scopes.includes(scope), scope);
  },
);

playgroundTest(
  "a widget's own call waits while the person allows it, and then goes through",
  async ({ page, ask, waitFor, signIn, widget }) => {
    await ask("List my notes");
    await signIn("Connect");
    const notes = await widget("Ask Babbage");
    await notes.getByRole("button", { name: "Copy" }).first().click();
    await waitFor("challenged");
    assert.match(await page.locator(".challenge").innerText(), /allow notes:write\./);
    await signIn("Allow");
    await waitFor("done");
    await notes.getByText("Copied").waitFor();
  },
);

playgroundTest(
  "after a step-up the widget that asked for it is back in view, where it was, and has the focus",
  async ({ page, ask, waitFor, signIn, widget }) => {
    await ask("List my notes");
    await signIn("Connect");
    const notes = await widget("Ask Babbage");
    const item = notes.locator("li").last();
    await item.getByRole("button", { name: "Copy" }).click();
    await waitFor("challenged");
    await signIn("Allow");
    await waitFor("done");
    const answer = item.getByText("Copied");
    await answer.waitFor();
    const box = await answer.boundingBox();
    const thread = await page.locator(".thread").boundingBox();
    assert.ok(box && thread);
    assert.ok(box.y >= thread.y && box.y + box.height <= thread.y + thread.height, JSON.stringify(box));
    assert.equal(await page.evaluate(() => document.activeElement?.className), "widget");
  },
  { height: 600 },
);

playgroundTest(
  "a card says that it waits for the sign-in window, and can close it",
  async ({ page, ask, waitFor, signIn, notice }) => {
    await ask("List my notes");
    const opened = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Connect" }).click();
    const popup = await opened;
    await popup.getByRole("button", { name: "Allow" }).waitFor();
    await waitFor("signing-in");
    assert.match(await page.getByRole("article").innerText(), /Waiting for the sign-in window/);
    assert.equal(await page.getByRole("button", { name: "Connect" }).count(), 0);
    const closed = popup.waitForEvent("close");
    await page.getByRole("button", { name: "Cancel" }).click();
    await closed;
    await waitFor("challenged");
    assert.match(await notice(), /window was closed/);
    await signIn("Connect");
    await waitFor("done");
  },
);

playgroundTest(
  "a widget speaks for the person, who is asked to sign in",
  async ({ page, ask, waitFor, widget }) => {
    await ask("Search notes for rules");
    const search = await widget("House rules");
    await search.getByRole("button", { name: "Sign in to find your own" }).click();
    await waitFor("challenged");
    assert.match(await page.locator(".by-widget").innerText(), /sign me in/);
  },
);

playgroundTest(
  "the person says no, and may change their mind",
  async ({ page, ask, waitFor, signIn, notice }) => {
    await ask("List my notes");
    await signIn("Connect", { decision: "Deny" });
    await page.locator(".notice:not(:empty)").waitFor();
    assert.match(await notice(), /denied access/);
    await waitFor("challenged");
    await signIn("Connect");
    await waitFor("done");
  },
);

playgroundTest(
  "the sign-in window is closed without an answer, and nothing is lost",
  async ({ page, ask, notice }) => {
    await ask("List my notes");
    const opened = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Connect" }).click();
    const popup = await opened;
    await popup.getByRole("button", { name: "Deny" }).waitFor();
    await popup.close();
    await page.locator(".notice:not(:empty)").waitFor();
    assert.match(await notice(), /window was closed/);
    assert.equal(await page.getByRole("button", { name: "Connect" }).count(), 1);
  },
);

playgroundTest(
  "where the browser opens no window, a link leads to the sign-in",
  async ({ page, ask, waitFor }) => {
    await ask("List my notes");
    await page.evaluate("open = () => null");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText("Your browser opened no window").waitFor();
    const opened = page.waitForEvent("popup");
    await page.getByRole("link", { name: "Open the sign-in page" }).click();
    await (await opened).getByRole("button", { name: "Allow" }).click();
    await waitFor("done");
  },
);

playgroundTest(
  "another person sees other notes, and nobody sees any after signing out",
  async ({ page, ask, waitFor, signIn, notice }) => {
    const result = async () => {
      const json = await page.locator("article").last().locator(".json pre").nth(1).textContent();
      return JSON.stringify(JSON.parse(json ?? "").structuredContent);
    };
    await ask("List my notes");
    await signIn("Connect");
    const adas = await result();
    await page.getByRole("button", { name: "Signed in as Ada" }).click();
    await signIn("Switch person", { person: "Grace" });
    await page.getByRole("button", { name: "Signed in as Grace" }).waitFor();
    await waitFor("done");
    assert.equal(await notice(), "You are Grace now.");
    assert.notEqual(await result(), adas);

    await page.getByRole("button", { name: "Signed in as Grace" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await ask("List my notes");
    await waitFor("challenged");
  },
);
