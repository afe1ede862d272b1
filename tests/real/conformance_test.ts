import assert from "node:assert/strict";
import type { AppDefinition } from "../../src/mcp/app.ts";
import conformanceApp from "../conformance_app.ts";
import notes from "../notes_app.ts";
import { shared } from "../shared.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";
import { granted, serve, type Served } from "./served.ts";

const ignore = !await granted("net", "run", "read", "write");

/** The official scenarios that ask for nothing that the app of notes lacks, by revision of the specification. */
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

/** A check as the official suite writes it down. */
interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

for (const sdkOnly of [false, true]) {
  const lanes = sdkOnly ? " on the SDK alone" : "";
  testApp(`the app of notes${lanes}`, { app: notes, sdkOnly }, SCENARIOS, NOT_TESTABLE);
  testApp(`an app of its own${lanes}`, { app: conformanceApp, sdkOnly }, {
    "2025-11-25": APP_SCENARIOS,
    "2026-07-28": [...APP_SCENARIOS, "caching"],
  });
}

/** Runs the official suite once for each revision, and shows its scenarios as tests. */
function testApp(
  name: string,
  options: { readonly app: AppDefinition; readonly sdkOnly: boolean },
  scenariosOf: Readonly<Record<string, readonly string[]>>,
  notTestable: Readonly<Record<string, readonly string[]>> = {},
): void {
  const server = shared(() => serve("https://issuer.test", options));
  for (const [version, scenarios] of Object.entries(scenariosOf)) {
    let report: ReturnType<typeof run> | undefined;
    for (const scenario of scenarios) {
      Deno.test({
        name: `${name} passes the official conformance scenario ${scenario} of ${version}`,
        ignore,
        async fn() {
          const checks = (await (report ??= run(server, version)))[scenario] ?? [];
          const ids = (status: string) =>
            checks.filter((check) => check.status === status).map(({ id }) => id);
          const all = JSON.stringify(checks, undefined, 2);
          assert.deepEqual(ids("FAILURE"), notTestable[scenario] ?? [], all);
          assert.deepEqual(ids("WARNING"), [], all);
          assert.ok(ids("SUCCESS").length > 0, all);
        },
      });
    }
  }
}

/** All checks of a revision by scenario, from one process: most of what a process costs is its start. */
async function run(server: () => Promise<Served>, version: string): Promise<Record<string, Check[]>> {
  const { resource } = await server();
  const folder = await Deno.makeTempDir();
  try {
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--allow-all", ...UNLOCKED_FLAGS, UNLOCKED.conformance, "server", "--url", resource],
        ...["--suite", "all", "--spec-version", version, "--output-dir", folder],
      ],
    }).output();
    const report: Record<string, Check[]> = {};
    for await (const { name } of Deno.readDir(folder)) {
      // Such as `server-tools-list-2026-11-24T15-42-06-026Z`.
      const scenario = name.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "");
      report[scenario] = JSON.parse(await Deno.readTextFile(`${folder}/${name}/checks.json`));
    }
    assert.notDeepEqual(report, {}, new TextDecoder().decode(stderr));
    return report;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
