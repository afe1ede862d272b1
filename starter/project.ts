/**
 * Projects of one's own that stand on this core.
 *
 * `deno task new <folder> [name]` makes one: this folder's core, and the starter in the place of the sample.
 * `deno task update <folder>` replaces the core of one by this folder's; what is the project's own stays.
 */
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import sample from "../src/app/mod.ts";

const root = new URL("../", import.meta.url);

/** What the core is, besides `src/` and `deno.json`: files and folders that a project never edits. */
const CORE = [
  "main.ts",
  "doctor.ts",
  "runtimes",
  "vendor",
  ".editorconfig",
  ".gitattributes",
  ".gitignore",
  "LICENSE",
];
/** Below `src/`, what is the app's own. */
const APP = "app";
/** Tasks that only make sense where the core itself is developed. */
const CORE_TASKS = [
  "build:starter",
  "doctor:foreign",
  "new",
  "update",
  "bench",
  "bench:peers",
  "soak",
  "fuzz",
  "mutate",
  "requirements",
  "pictures",
];
/** Packages that only the core's own tests and benchmarks use. */
const CORE_TEST_PACKAGES = [
  "@modelcontextprotocol/sdk",
  "axe-core",
  "fast-check",
  "oidc-provider",
  "playwright-core",
];

type Json = { [key: string]: unknown };

/**
 * Makes a project.
 *
 * @param target A folder that does not exist yet, or is empty.
 * @param name Lower-case letters, digits and hyphens; clients file the server under it.
 * @throws Error in words for the person at the terminal.
 */
export async function createProject(target: URL, name: string): Promise<void> {
  if (!/^[a-z][a-z0-9-]{0,38}$/.test(name)) {
    throw new Error(`Cannot use "${name}" as a name: write lower-case letters, digits and hyphens.`);
  }
  if (!await isEmpty(target)) throw new Error(`Cannot use ${fileURLToPath(target)}: it is not empty.`);
  await copyCore(target);
  for (const path of ["src", "widgets", "tests", "README.md"]) {
    await copy(new URL(`starter/${path}`, root), new URL(path, target), named(name));
  }
  // The sample's own variables come last.
  const withoutOwn = (text: string) => text.replace(/\n# The app's own variables\.[^]*/, "");
  await copy(new URL(".env.example", root), new URL(".env.example", target), withoutOwn);
  for (const path of ["deno.lock", "Dockerfile", ".dockerignore"]) {
    await copy(new URL(path, root), new URL(path, target));
  }
  await writeJson(
    new URL("deno.json", target),
    projectConfig(await readJson(new URL("deno.json", root))),
  );
  await deno(target, "install", "--quiet");
  await deno(target, "task", "--quiet", "build");
  await deno(target, "fmt", "--quiet");
  await git(target);
}

/**
 * Replaces the core of a project by this one. `deno.json` gets the core's entries anew; entries of the project's own
 * stay.
 *
 * @throws Error in words for the person at the terminal.
 */
export async function updateProject(target: URL): Promise<void> {
  const own = await readJson(new URL("deno.json", target)).catch(() => undefined);
  if (!own || !await exists(new URL(`src/${APP}/mod.ts`, target))) {
    throw new Error(
      `Cannot find a project in ${fileURLToPath(target)}: it has no deno.json, or no src/${APP}/mod.ts.`,
    );
  }
  for await (const { name } of Deno.readDir(new URL("src/", target))) {
    if (name !== APP) await Deno.remove(new URL(`src/${name}`, target), { recursive: true });
  }
  await copyCore(target);
  const core = projectConfig(await readJson(new URL("deno.json", root)));
  await writeJson(new URL("deno.json", target), merge(core, own) as Json);
  await deno(target, "install", "--quiet");
  await deno(target, "task", "--quiet", "build");
}

/** The core's `deno.json` as a project needs it. */
function projectConfig(core: Json): Json {
  const {
    name: _,
    version: _version,
    exports: _exports,
    publish: _publish,
    tasks,
    permissions,
    exclude: _exclude,
    imports,
    ...rest
  } = core;
  return {
    tasks: without(tasks as Json, CORE_TASKS),
    permissions: withoutSample(without(permissions as Json, ["project"])),
    imports: without(imports as Json, CORE_TEST_PACKAGES),
    ...rest,
  };
}

/** The core's value, and whatever only the project has: members of objects, and entries of lists. */
function merge(core: unknown, own: unknown): unknown {
  if (Array.isArray(core) && Array.isArray(own)) return [...new Set([...core, ...own])];
  if (!isObject(core) || !isObject(own)) return core;
  const names = new Set([...Object.keys(core), ...Object.keys(own)]);
  return Object.fromEntries(
    [...names].map((
      name,
    ) => [name, name in core ? name in own ? merge(core[name], own[name]) : core[name] : own[name]]),
  );
}

async function copyCore(target: URL): Promise<void> {
  for (const path of CORE) await copy(new URL(path, root), new URL(path, target));
  for await (const { name } of Deno.readDir(new URL("src/", root))) {
    if (name !== APP) await copy(new URL(`src/${name}`, root), new URL(`src/${name}`, target));
  }
}

/** Copies a file or a folder; what is built is left out, and comes with the first build. */
async function copy(from: URL, to: URL, edit: (text: string) => string = (text) => text): Promise<void> {
  if ((await Deno.stat(from)).isDirectory) {
    await Deno.mkdir(to, { recursive: true });
    for await (const { name } of Deno.readDir(from)) {
      if (!name.endsWith(".gen.ts")) {
        await copy(new URL(`${from.href}/${name}`), new URL(`${to.href}/${name}`), edit);
      }
    }
    return;
  }
  await Deno.mkdir(new URL("./", to), { recursive: true });
  await Deno.writeTextFile(to, edit(await Deno.readTextFile(from)));
}

/** Puts the project's name in the place of the starter's. */
function named(name: string): (text: string) => string {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
  return (text) =>
    text.replaceAll("{{name}}", title).replaceAll('"starter"', `"${name}"`).replaceAll(
      '"Starter"',
      `"${title}"`,
    );
}

/** Leaves the sample's variables and the starter's files out of every list. */
function withoutSample(value: unknown): unknown {
  if (Array.isArray(value)) {
    const own = Object.keys(sample.env ?? {});
    return value.filter((entry) => !own.includes(entry) && !String(entry).startsWith("starter/"));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutSample(member)]));
}

function without(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readJson(file: URL): Promise<Json> {
  return JSON.parse(await Deno.readTextFile(file));
}

async function writeJson(file: URL, value: unknown): Promise<void> {
  await Deno.writeTextFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

async function exists(file: URL): Promise<boolean> {
  return await Deno.stat(file).then(() => true, () => false);
}

async function isEmpty(folder: URL): Promise<boolean> {
  if (!await exists(folder)) return true;
  for await (const _ of Deno.readDir(folder)) return false;
  return true;
}

async function deno(cwd: URL, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, stdout: "inherit" })
    .output();
  if (!success) {
    throw new Error(
      `\`deno ${args.join(" ")}\` failed in ${fileURLToPath(cwd)}:\n${new TextDecoder().decode(stderr)}`,
    );
  }
}

/** A project without git is a project all the same. */
async function git(cwd: URL): Promise<void> {
  for (const args of [["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Begin"]]) {
    const done = await new Deno.Command("git", { args, cwd, stdout: "null", stderr: "null" }).output()
      .then(({ success }) => success, () => false);
    if (!done) return;
  }
}

if (import.meta.main) {
  const [command, folder, name] = Deno.args;
  const usage = "Write `deno task new <folder> [name]` or `deno task update <folder>`.";
  try {
    if (folder === undefined) throw new Error(usage);
    const url = pathToFileURL(`${resolve(folder)}/`);
    if (command === "new") {
      await createProject(url, name ?? url.pathname.split("/").at(-2) ?? "");
      console.log(`Made ${folder}. Go there and run \`deno task start\`.`);
    } else if (command === "update") {
      await updateProject(url);
      console.log(`Updated the core of ${folder}. Run \`deno task ok\` there, and look at \`git diff\`.`);
    } else throw new Error(usage);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
