import assert from "node:assert/strict";
import { playgroundTest } from "./page.ts";

for (const [shell, era] of [["ChatGPT-like", "2026-07-28"], ["Generic", "2025-11-25"]] as const) {
  playgroundTest(
    `a person searches, signs in and sees their orders in a ${shell} host of ${era}`,
    async ({ page, choose, ask, waitFor, signIn, widget }) => {
      await choose(shell);
      await choose(era);
      await ask("Find pepperoni pizza");
      await waitFor("done");
      await widget("Fogline Pizza Works");

      await ask("Show my past orders");
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
      await widget("Preparing");
      await page.getByRole("button", { name: "Signed in as Ada" }).waitFor();
    },
  );
}

playgroundTest(
  "a widget's own call waits while the person allows it, and then goes through",
  async ({ page, ask, waitFor, signIn, widget }) => {
    await ask("Show my past orders");
    await signIn("Connect");
    const orders = await widget("Preparing");
    await orders.getByRole("button", { name: "Reorder" }).first().click();
    await waitFor("challenged");
    assert.match(await page.locator(".challenge").innerText(), /allow orders:write\./);
    await signIn("Allow");
    await waitFor("done");
    await orders.getByText("Ordered again").waitFor();
  },
);

playgroundTest(
  "a widget speaks for the person, who is asked to sign in",
  async ({ page, ask, waitFor, widget }) => {
    await ask("Find pepperoni pizza");
    const search = await widget("Fogline Pizza Works");
    await search.getByRole("button", { name: "Sign in to see where you ordered before" }).click();
    await waitFor("challenged");
    assert.match(await page.locator(".by-widget").innerText(), /sign me in/);
  },
);
