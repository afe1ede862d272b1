import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import sample from "../src/app/mod.ts";

const root = new URL("../", import.meta.url);
const permissions = await Promise.all(
  (["read", "write", "run"] as const).map((name) => Deno.permissions.query({ name })),
);
const ignore = permissions.some(({ state }) => state !== "granted");

/** Runs Deno and returns what it wrote. @throws Error with it when it fails. */
async function deno(cwd: URL, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const written = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
  assert.ok(success, `deno ${args.join(" ")}:\n${written}`);
  return written;
}

/** All files of a project that are its own to keep, by path. */
async function* files(folder: URL): AsyncGenerator<{ url: URL; text: string }> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if ([".git", "data", "node_modules"].includes(name)) continue;
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* files(url);
    else yield { url, text: await Deno.readTextFile(url) };
  }
}

async function edit(file: URL, change: (text: string) => string): Promise<void> {
  const text = await Deno.readTextFile(file);
  assert.notEqual(change(text), text, `nothing to change in ${file.href}`);
  await Deno.writeTextFile(file, change(text));
}

async function editJson(file: URL, change: (json: Record<string, never>) => void): Promise<void> {
  const json = JSON.parse(await Deno.readTextFile(file));
  change(json);
  await Deno.writeTextFile(file, JSON.stringify(json, null, 2));
}

Deno.test({
  name:
    "a new project is whole, knows nothing of the sample, and takes a newer core without losing what is its own",
  ignore,
}, async () => {
  const [about = ""] = sample.name.split("-");
  const folder = await Deno.makeTempDir();
  const project = new URL(`file://${folder}/loans/`);
  try {
    await deno(root, "task", "new", fileURLToPath(project), "loans");
    for await (const { url, text } of files(project)) {
      assert.ok(!text.toLowerCase().includes(about), `${url.href} knows what the sample is about`);
      assert.doesNotMatch(text, /"starter"|\{\{name/i, url.href);
    }
    assert.match(await deno(project, "task", "ok"), /2 passed \| 0 failed/);
    const { tasks: commands } = JSON.parse(await Deno.readTextFile(new URL("deno.json", project)));
    for (const [name, task] of Object.entries<{ command: string }>(commands)) {
      for (const [path] of task.command.matchAll(/[\w./-]+\.tsx?(?= |$)/g)) {
        await assert.doesNotReject(Deno.stat(new URL(path, project)), `task ${name} names ${path}`);
      }
    }
    await deno(project, "task", "widgets");
    assert.match(await Deno.readTextFile(new URL("data/widgets.html", project)), /profile:read/);

    // The app becomes one of its own, with a variable and a package that the core has not.
    const appFile = new URL("src/app/mod.ts", project);
    await edit(
      appFile,
      (text) =>
        text.replace(
          "scopes: {",
          'env: { LOAN_DAYS: z.coerce.number("write a number of days").default(28) },\n  scopes: {',
        ),
    );
    const config = new URL("deno.json", project);
    await editJson(config, (json: Record<string, Record<string, Record<string, string[]>>>) => {
      json["permissions"]!["serve"]!["env"]!.push("LOAN_DAYS");
      Object.assign(json["imports"]!, { "own-package": "npm:preact@^11.2.0" });
      // As if the core had been older.
      delete json["tasks"]!["dev"];
      json["permissions"]!["serve"]!["env"] = json["permissions"]!["serve"]!["env"]!.filter((name) =>
        name !== "PORT"
      );
    });
    await Deno.writeTextFile(new URL("src/old.ts", project), "export const old = 1;\n");
    await Deno.remove(new URL("src/net", project), { recursive: true });
    await edit(new URL("main.ts", project), (text) => `// older\n${text}`);
    const own = await Deno.readTextFile(appFile);

    await deno(root, "task", "update", fileURLToPath(project));
    assert.equal(await Deno.readTextFile(appFile), own);
    for (const path of ["main.ts", "src/net/deadline.ts", "src/server.ts"]) {
      assert.equal(
        await Deno.readTextFile(new URL(path, project)),
        await Deno.readTextFile(new URL(path, root)),
        path,
      );
    }
    await assert.rejects(Deno.stat(new URL("src/old.ts", project)), Deno.errors.NotFound);
    const { permissions, imports, tasks } = JSON.parse(await Deno.readTextFile(config));
    assert.ok(permissions.serve.env.includes("LOAN_DAYS") && permissions.serve.env.includes("PORT"));
    assert.ok("own-package" in imports && "dev" in tasks && !("bench" in tasks));
    await deno(project, "fmt", "--quiet", "deno.json", "src/app/mod.ts");
    // The gate builds what it checks.
    await Deno.remove(new URL("src/app/widgets.gen.ts", project));
    assert.match(await deno(project, "task", "ok"), /2 passed \| 0 failed/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({ name: "a project is not made over another one, nor under an unfit name", ignore }, async () => {
  const run = (...args: string[]) => deno(root, "task", "new", ...args);
  await assert.rejects(run(fileURLToPath(new URL("docs", root)), "docs"), /not empty/);
  await assert.rejects(run("never-made", "Not A Name"), /lower-case letters, digits and hyphens/);
  await assert.rejects(
    deno(root, "task", "update", fileURLToPath(new URL("docs", root))),
    /Cannot find a project/,
  );
});

Deno.test({ name: "the starter's committed widgets were built from its files", ignore }, async () => {
  const { sourceHash } = await import("../src/dev/widgets/widgets.ts");
  const { source } = await import("../starter/src/app/widgets.gen.ts");
  const stale = "starter/src/app/widgets.gen.ts is stale: run `deno task build:starter`";
  assert.equal(source, await sourceHash(new URL("starter/widgets/", root)), stale);
});
