import assert from "node:assert/strict";
import { signedIn } from "../../src/mcp/access.ts";
import { tool } from "../tiny_app.ts";
import { playgroundTest } from "./page.ts";

const tidy = tool("tidy", async (_, { confirm }) => {
  await confirm("Throw all notes away?");
  return { data: { answer: "yes" }, text: "Thrown away" };
}, signedIn("notes:read"));

playgroundTest(
  "a tool asks the person in the page, who says yes or no (issue 10 part 1)",
  async ({ page, ask, waitFor, signIn, choose }) => {
    await choose("2026-07-28");
    await ask("List my notes");
    await signIn("Connect");
    await waitFor("done");
    await page.getByRole("tab", { name: "Tools" }).click();
    const form = page.locator("details.tool", { hasText: "tidy" });
    await form.locator("summary").click();
    const question = page.getByRole("region", { name: "A tool asks you" });
    const calls = page.getByRole("article");
    for (const [answer, outcome] of [["Yes", /Thrown away/], ["No", /did not agree/]] as const) {
      const before = await calls.count();
      await form.getByRole("button", { name: "Call" }).click();
      await calls.nth(before).waitFor();
      await question.getByText("Throw all notes away?").waitFor();
      await question.getByRole("button", { name: answer }).click();
      await question.waitFor({ state: "detached" });
      await waitFor(answer === "Yes" ? "done" : "failed");
      assert.match(await calls.last().textContent() ?? "", outcome);
    }
  },
  { serve: { change: (tools) => [...tools, tidy] } },
);

const agreed = Promise.withResolvers<void>();
const slow = tool("slow", async (_, { confirm }) => {
  await confirm("Begin?");
  await agreed.promise;
  return { data: { answer: "yes" }, text: "Over" };
}, signedIn("notes:read"));

playgroundTest(
  "a call says that it waits for the answer while a question is open, and no longer; Yes and No are side by side",
  async ({ page, ask, waitFor, signIn, choose }) => {
    await choose("2026-07-28");
    await ask("List my notes");
    await signIn("Connect");
    await page.getByRole("tab", { name: "Tools" }).click();
    const form = page.locator("details.tool", { hasText: "slow" });
    await form.locator("summary").click();
    await form.getByRole("button", { name: "Call" }).click();
    const question = page.getByRole("region", { name: "A tool asks you" });
    const card = page.getByRole("article", { name: "Call of slow" });
    await card.getByText("Waiting for your answer").waitFor();
    assert.doesNotMatch(await card.innerText(), /input required/);
    const [yes, no] = await Promise.all(
      ["Yes", "No"].map((name) => question.getByRole("button", { name }).boundingBox()),
    );
    assert.ok(yes && no && yes.y === no.y && yes.x + yes.width < no.x);
    await question.getByRole("button", { name: "Yes" }).click();
    await card.getByText("Waiting for your answer").waitFor({ state: "detached" });
    assert.equal(await card.getAttribute("data-state"), "running");
    assert.doesNotMatch(await card.innerText(), /input required/);
    agreed.resolve();
    await waitFor("done");
  },
  { serve: { change: (tools) => [...tools, slow] } },
);
