import assert from "node:assert/strict";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** The paths of the tree in CONTRIBUTING.md: two more spaces are one folder deeper, a slash ends a folder. */
async function listed(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("CONTRIBUTING.md", root));
  const tree = /\n## Architecture\n.*?\n```\n(.*?)\n```\n/s.exec(text)?.[1] ?? "";
  const folders: string[] = [];
  return tree.split("\n").map((line) => {
    const [, indent = "", entry = ""] = /^((?: {2})*)(\S+) +\S/.exec(line) ?? [];
    assert.ok(entry, `"${line}" is not an entry with a description`);
    const path = folders.slice(0, indent.length / 2).join("") + entry;
    folders.splice(indent.length / 2, Infinity, entry);
    return path;
  });
}

Deno.test(
  { name: "everything in the tree of CONTRIBUTING.md exists, and folders end with a slash", ignore },
  async () => {
    const paths = await listed();
    assert.ok(paths.includes("src/"));
    for (const path of paths) {
      const found = await Deno.stat(new URL(path, root)).catch(() => undefined);
      assert.ok(found, `${path} does not exist`);
      assert.equal(found.isDirectory, path.endsWith("/"), path);
    }
  },
);

Deno.test(
  { name: "every folder of src/, two levels deep, is in the tree of CONTRIBUTING.md", ignore },
  async () => {
    const exists: string[] = [];
    for (const folder of await foldersIn("src/")) exists.push(folder, ...await foldersIn(folder));
    const paths = await listed();
    assert.deepEqual(exists.filter((folder) => !paths.includes(folder)), []);
  },
);

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, root)));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => `${folder}${name}/`);
}
