import assert from "node:assert/strict";
import { playgroundTest } from "./page.ts";

playgroundTest(
  "a tool asks the person in the page, who says yes or no (issue 10 part 1)",
  async ({ page, ask, waitFor, signIn, choose }) => {
    await choose("2026-07-28");
    await ask("Show my past orders");
    await signIn("Connect");
    await waitFor("done");
    const result = await page.getByRole("article").last().locator("details.json pre").last().textContent();
    const { structuredContent } = JSON.parse(result ?? "");
    await page.getByRole("tab", { name: "Tools" }).click();
    const tool = page.locator("details.tool", { hasText: "reorder_pizza" });
    await tool.locator("summary").click();
    await tool.getByLabel("orderId").fill(structuredContent.orders[0].orderId);
    await tool.getByLabel("idempotencyKey").fill("first");
    await tool.getByRole("button", { name: "Call" }).click();
    await waitFor("challenged");
    await signIn("Allow");
    await waitFor("done");

    await tool.getByLabel("idempotencyKey").fill("");
    const question = page.getByRole("region", { name: "A tool asks you" });
    const calls = page.getByRole("article");
    for (const [answer, outcome] of [["Yes", /Ordered again/], ["No", /did not agree/]] as const) {
      const before = await calls.count();
      await tool.getByRole("button", { name: "Call" }).click();
      await calls.nth(before).waitFor();
      await question.getByText(/^Order .+ again, for \$/).waitFor();
      await question.getByRole("button", { name: answer }).click();
      await question.waitFor({ state: "detached" });
      await waitFor(answer === "Yes" ? "done" : "failed");
      assert.match(await calls.last().innerText(), outcome);
    }
  },
);
