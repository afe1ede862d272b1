/**
 * `deno task mutate [pattern]`: breaks one line that keeps somebody out at a time, in a copy, and runs the tests that
 * have to notice. Fails when one survives. With a pattern, only the mutations whose description or file it fits.
 * With `--record`, it writes down in seen.json which requirements the tests that have failed cite.
 */
import { fileURLToPath } from "node:url";
import { citedIn } from "../requirements/citations.ts";
import { mutate, type Mutation, MUTATIONS } from "./mutations.ts";
import seen from "./seen.json" with { type: "json" };

/** A mutation can make a test wait for ever, which also shows. */
const TIME_LIMIT_MS = 180_000;
const TIME_LIMIT_OF_ALL_MS = 900_000;

const root = fileURLToPath(new URL("../../", import.meta.url));
const record = Deno.args.includes("--record");
const pattern = new RegExp(Deno.args.filter((arg) => arg !== "--record").join(" "));
const chosen = MUTATIONS.filter(({ what, file }) => pattern.test(`${what} ${file}`));
const copy = await Deno.makeTempDir();
try {
  await copyProject();
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
  const broken = await failing(files, TIME_LIMIT_OF_ALL_MS);
  if (broken) {
    throw new Error(`Cannot mutate: as the code is, tests fail or never end.\n${broken.join("\n")}`);
  }
  const survivors: Mutation[] = [];
  const cited = new Map<string, readonly string[]>(Object.entries(seen));
  for (const [index, mutation] of chosen.entries()) {
    const started = performance.now();
    const noticed = await failuresWith(mutation);
    if (!noticed) survivors.push(mutation);
    cited.set(mutation.what, [...new Set(noticed?.flatMap(citedIn))].sort());
    if (record) await writeRecord(cited);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `${index + 1}/${chosen.length} ${noticed ? "noticed" : "SURVIVED"} in ${seconds} s: ${mutation.what}`,
    );
  }
  console.log(`${chosen.length - survivors.length} of ${chosen.length} mutations are noticed.`);
  if (survivors.length > 0) Deno.exitCode = 1;
} finally {
  await Deno.remove(copy, { recursive: true });
}

/** After every mutation, so that a run can be given up. */
async function writeRecord(cited: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const lines = MUTATIONS.map(({ what }) => [what, cited.get(what) ?? []]);
  const text = JSON.stringify(Object.fromEntries(lines), undefined, 2);
  await Deno.writeTextFile(`${root}tests/mutation/seen.json`, `${text}\n`);
}

/** The files as they are, committed or not, and what is built. */
async function copyProject(): Promise<void> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: root,
  }).output();
  const files = new TextDecoder().decode(stdout).split("\0").filter(Boolean);
  for (const file of files) {
    await Deno.mkdir(`${copy}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.copyFile(`${root}${file}`, `${copy}/${file}`);
  }
  await Deno.mkdir(`${copy}/data`, { recursive: true });
  await Deno.copyFile(`${root}data/playground.json`, `${copy}/data/playground.json`);
}

async function failuresWith(mutation: Mutation): Promise<string[] | undefined> {
  const path = `${copy}/${mutation.file}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, mutate(text, mutation));
  try {
    return await failing(mutation.tests);
  } finally {
    await Deno.writeTextFile(path, text);
  }
}

/**
 * The names of the tests that fail, or only of the first if nothing is recorded; undefined when all pass.
 *
 * @throws Error when the tests cannot run at all, as after a mutation that is no TypeScript.
 */
async function failing(files: readonly string[], limitMs = TIME_LIMIT_MS): Promise<string[] | undefined> {
  const { success, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-check", ...(record ? [] : ["--fail-fast"]), ...files],
    cwd: copy,
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(limitMs),
  }).output();
  if (success) return undefined;
  const output = new TextDecoder().decode(stdout);
  if (!signal && !/^FAILED \| .*[1-9]\d* failed/m.test(output)) {
    throw new Error(`The tests cannot run:\n${output}${new TextDecoder().decode(stderr)}`);
  }
  return [...output.matchAll(/^(.+?) \.\.\. FAILED/gm)].map(([, name = ""]) => name);
}
