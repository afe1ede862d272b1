import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import conformanceApp from "../conformance_app.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";
import { granted, serve } from "./served.ts";

const ignore = !await granted("net", "run", "read");

/** The official scenarios that ask for nothing that a pizza server lacks, by revision of the specification. */
const SCENARIOS = {
  "2025-11-25": [
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "dns-rebinding-protection",
  ],
  "2026-07-28": [
    "tools-list",
    "resources-list",
    "dns-rebinding-protection",
    "sep-2164-resource-not-found",
    "http-header-validation",
    "input-required-result-unsupported-methods",
    "server-stateless",
    "caching",
  ],
};

/** The official scenarios for what an app may have besides, in both revisions. */
const APP_SCENARIOS = [
  "resources-list",
  "resources-read-text",
  "resources-read-binary",
  "resources-templates-read",
  "prompts-list",
  "prompts-get-simple",
  "prompts-get-with-args",
  "prompts-get-embedded-resource",
  "prompts-get-with-image",
  "completion-complete",
];

/** Checks of those scenarios that want prompts, or diagnostic tools which log, stream or elicit. */
const NOT_TESTABLE: Readonly<Record<string, readonly string[]>> = {
  "server-stateless": [
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
    "sep-2575-http-server-no-independent-requests-on-stream",
    "sep-2575-server-no-log-without-loglevel",
  ],
  "caching": ["sep-2549-prompts-list-caching-hints"],
};

for (const [version, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    Deno.test({
      name: `the server passes the official conformance scenario ${scenario} of ${version}`,
      ignore,
      async fn() {
        await using server = await serve("https://issuer.test");
        const { success, report } = await run(server.resource, scenario, version);
        const expected = NOT_TESTABLE[scenario] ?? [];
        assert.deepEqual(checks(report, "FAILURE"), expected, report);
        assert.deepEqual(checks(report, "WARNING"), [], report);
        assert.ok(checks(report, "SUCCESS").length > 0, report);
        assert.equal(success, expected.length === 0, report);
      },
    });
  }
}

for (const version of Object.keys(SCENARIOS)) {
  for (const scenario of [...APP_SCENARIOS, ...(version === "2026-07-28" ? ["caching"] : [])]) {
    Deno.test({
      name: `an app of its own passes the official conformance scenario ${scenario} of ${version}`,
      ignore,
      async fn() {
        await using server = await serve("https://issuer.test", { app: conformanceApp });
        const { success, report } = await run(server.resource, scenario, version);
        assert.deepEqual(checks(report, "FAILURE"), [], report);
        assert.deepEqual(checks(report, "WARNING"), [], report);
        assert.ok(success && checks(report, "SUCCESS").length > 0, report);
      },
    });
  }
}

/** The ids of the checks with this outcome. */
function checks(report: string, outcome: string): string[] {
  const lines = report.matchAll(new RegExp(`^\\S+ \\[([\\w-]+) *\\] ${outcome}\\b`, "gm"));
  return [...lines].map(([, id = ""]) => id);
}

async function run(url: string, scenario: string, version: string) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", ...UNLOCKED_FLAGS, UNLOCKED.conformance, "server"],
      ...["--url", url, "--scenario", scenario, "--spec-version", version],
    ],
  }).output();
  const report = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  // The suite writes in colours wherever it runs.
  return { success, report: stripVTControlCharacters(report) };
}
