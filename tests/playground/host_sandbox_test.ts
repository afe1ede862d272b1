import assert from "node:assert/strict";
import { hostTest } from "./host_page.ts";

const permitted = (name: string) => `document.featurePolicy.allowsFeature(${JSON.stringify(name)})`;
const FEATURES = ["camera", "microphone", "geolocation", "clipboard-write"];

hostTest("a widget has no browser feature that its resource does not ask for", async ({ open }) => {
  const { frame } = await open();
  for (const name of FEATURES) assert.equal(await frame.evaluate(permitted(name)), false, name);
});

hostTest("a widget has the browser features that its resource asks for, and no others", async ({ open }) => {
  const { frame } = await open();
  for (const name of FEATURES) {
    assert.equal(await frame.evaluate(permitted(name)), name !== "camera" && name !== "microphone", name);
  }
}, { ui: () => ({ permissions: { geolocation: {}, clipboardWrite: {}, payment: {} } }) });

/** Resolves with whether the document may fetch from a server that answers every origin. */
const reach = (url: string) =>
  `fetch(${JSON.stringify(url)}, { mode: "no-cors" }).then(() => "reached", () => "refused")`;

hostTest(
  "a widget reaches nothing unless its resource declares it, and the log says what to declare",
  async ({ page, origin, open }) => {
    const { frame } = await open();
    assert.equal(await frame.evaluate(reach(`${origin}/health?token=secret`)), "refused");
    await frame.evaluate(() =>
      document.body.append(Object.assign(new Image(), { src: "https://cdn.example.com/a.png" }))
    );
    await page.getByRole("tab", { name: "Log" }).click();
    const connect = page.locator(".log > li", { hasText: `connect-src refused ${origin}/health` });
    await connect.locator("summary").click();
    await connect.getByText("Name its origin in connectDomains of the widget's csp.").waitFor();
    assert.doesNotMatch(await connect.innerText(), /secret/);
    const image = page.locator(".log > li", { hasText: "img-src refused https://cdn.example.com/a.png" });
    await image.locator("summary").click();
    await image.getByText("resourceDomains").waitFor();
  },
  { expectsViolations: true },
);

hostTest(
  "a widget reaches the origins that its resource declares, and no others",
  async ({ origin, open }) => {
    const { frame } = await open();
    assert.equal(await frame.evaluate(reach(`${origin}/health`)), "reached");
    assert.equal(
      await frame.evaluate(reach(`${origin.replace("localhost", "127.0.0.1")}/health`)),
      "refused",
    );
  },
  { ui: (origin) => ({ csp: { connectDomains: [origin] } }), expectsViolations: true },
);

hostTest("a forged report is shown shortened, as text", async ({ page, open }) => {
  const { frame } = await open();
  await frame.evaluate(() =>
    parent.postMessage({
      sandbox: { effectiveDirective: "<b>evil</b>", blockedURI: "y".repeat(5000), lineNumber: {} },
    }, "*")
  );
  await page.getByRole("tab", { name: "Log" }).click();
  const title = await page.locator(".exchange-title", { hasText: "<b>evil</b> refused" }).innerText();
  assert.ok(title.length < 400);
});

hostTest("the script that reports leaves the widget's own scripts and mode as they are", async ({ open }) => {
  const { frame } = await open();
  assert.deepEqual(
    await frame.evaluate(
      "[document.compatMode, document.title, document.scripts.length, document.documentElement.lang]",
    ),
    ["CSS1Compat", "Probe", 1, "en"],
  );
});
