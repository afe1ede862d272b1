import assert from "node:assert/strict";
import type { AppDefinition } from "../../src/mcp/app.ts";
import conformanceApp from "../conformance_app.ts";
import notes from "../notes_app.ts";
import { shared } from "../shared.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";
import { EXPECTED } from "./conformance_expected.ts";
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

/** Checks of those scenarios that want prompts, or diagnostic tools which log, stream or elicit. The app of its own has them. */
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
  const server = shared(() => serve("https://issuer.test", { app: conformanceApp, sdkOnly }));
  for (const [version, reasons] of Object.entries(EXPECTED)) {
    Deno.test({
      name:
        `an app of its own${lanes} passes all that ${version} requires by the official conformance suite, save for what is expected to fail`,
      ignore,
      async fn() {
        const { scenarios, notScored, notScoredFailing } = await run(server, version, "--requirements");
        const all = Object.entries(scenarios).map(([scenario, checks]) => {
          const statuses = new Set(checks.map(({ status }) => status));
          const failing = statuses.has("FAILURE");
          const passing = statuses.has("SUCCESS") && !failing && !statuses.has("WARNING");
          return { scenario, checks, failing, passing };
        });
        const problems = all.filter(({ passing }) => !passing);
        const unexpected = problems.filter(({ scenario }) => !Object.hasOwn(reasons, scenario));
        assert.deepEqual(
          problems.map(({ scenario }) => scenario).sort(),
          Object.keys(reasons).sort(),
          JSON.stringify(unexpected, undefined, 2),
        );
        const required = all.length - notScored;
        const passed = required - (all.filter(({ failing }) => failing).length - notScoredFailing);
        if (sdkOnly) return;
        console.log(`Official conformance suite: ${passed} of ${required} scenarios pass of ${version}.`);
      },
    });
  }
}

/** Runs the official suite once for each revision, and shows some of its scenarios as tests. */
function testApp(
  name: string,
  options: { readonly app: AppDefinition; readonly sdkOnly: boolean },
  scenariosOf: Readonly<Record<string, readonly string[]>>,
  notTestable: Readonly<Record<string, readonly string[]>>,
): void {
  const server = shared(() => serve("https://issuer.test", options));
  for (const [version, scenarios] of Object.entries(scenariosOf)) {
    let report: ReturnType<typeof run> | undefined;
    for (const scenario of scenarios) {
      Deno.test({
        name: `${name} passes the official conformance scenario ${scenario} of ${version}`,
        ignore,
        async fn() {
          const { scenarios } = await (report ??= run(server, version, "--suite", "all", "--spec-version"));
          const checks = scenarios[scenario] ?? [];
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

/** What the official suite finds, from one process: most of what a process costs is its start. */
interface Report {
  /** All checks by scenario. */
  readonly scenarios: Readonly<Record<string, readonly Check[]>>;
  /** How many of the scenarios a revision does not require, and how many of these fail. */
  readonly notScored: number;
  readonly notScoredFailing: number;
}

async function run(server: () => Promise<Served>, version: string, ...choice: string[]): Promise<Report> {
  const { resource } = await server();
  const folder = await Deno.makeTempDir();
  try {
    const output = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--allow-all", ...UNLOCKED_FLAGS, UNLOCKED.conformance, "server", "--url", resource],
        ...["--output-dir", folder, ...choice, version],
      ],
    }).output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
    const scenarios: Record<string, readonly Check[]> = {};
    for await (const { name } of Deno.readDir(folder)) {
      // Such as `server-tools-list-2026-11-24T15-42-06-026Z`.
      const scenario = name.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "");
      scenarios[scenario] = JSON.parse(await Deno.readTextFile(`${folder}/${name}/checks.json`));
    }
    assert.notDeepEqual(scenarios, {}, stderr);
    const [notScored, notScoredFailing] =
      /^Not scored for \S+: (\d+) scenario\(s\) run, (\d+) failing/m.exec(stdout!)?.slice(1).map(Number) ??
        [];
    return { scenarios, notScored: notScored ?? 0, notScoredFailing: notScoredFailing ?? 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
