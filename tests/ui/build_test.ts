import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { list } from "../../src/dev/widgets/source_hash.ts";

const root = new URL("../../", import.meta.url);
const states = await Promise.all(
  (["read", "write", "run"] as const).map((name) => Deno.permissions.query({ name })),
);
const ignore = states.some(({ state }) => state !== "granted");

async function run(script: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", script, ...args],
    cwd: root,
  }).output();
  const said = new TextDecoder().decode(success ? stdout : stderr);
  assert.ok(success, said);
  return said;
}

Deno.test({
  name: "any folder of widgets is built and previewed, with samples of its own (9.1)",
  ignore,
  async fn() {
    const project = await Deno.makeTempDir();
    try {
      const folder = `${project}/faces`;
      await Deno.mkdir(folder);
      const door = new URL("src/ui/mod.ts", root).href;
      await Deno.writeTextFile(`${folder}/theme.css`, "body { --of-this-app: 1px }");
      await Deno.writeTextFile(
        `${folder}/hello-world.tsx`,
        `import { renderWidget } from "${door}"; renderWidget("hello-world", () => "Hello world");`,
      );
      await Deno.writeTextFile(
        `${project}/samples.js`,
        'export const samples = () => ({ "hello-world": { calm: [] } });',
      );
      const [generated, preview] = [`${project}/out.gen.ts`, `${project}/deep/preview.html`];

      assert.equal(await run("src/dev/widgets/widgets.ts", folder, generated), `Built ${generated}\n`);
      const { widgets } = await import(`file://${generated}`);
      assert.deepEqual(Object.keys(widgets), ["hello-world"]);
      const { name, hash, html } = widgets["hello-world"];
      assert.equal(name, "hello-world");
      assert.match(hash, /^[0-9a-f]{12}$/);
      assert.match(html, /Hello world/);
      assert.match(html, /--touch:.*--of-this-app:/s, "the app's style comes after that of all widgets");
      assert.equal(await run("src/dev/widgets/widgets.ts", folder, generated), "", "nothing has changed");

      await run("src/dev/widgets/preview.ts", generated, `${project}/samples.js`, preview);
      assert.match(await Deno.readTextFile(preview), /"hello-world":\{"calm":\[\]\}/);
    } finally {
      await Deno.remove(project, { recursive: true });
    }
  },
});

/** What a file imports from outside of its folder, relative to the project. */
async function importsFromOutside(folder: URL): Promise<string[]> {
  const found: string[] = [];
  for (const path of (await list(folder)).filter((path) => /\.tsx?$/.test(path))) {
    const file = new URL(path, folder);
    for (
      const [, target] of (await Deno.readTextFile(file)).matchAll(/(?:from|import) "((?:\.|mcp-app)[^"]*)"/g)
    ) {
      if (target?.startsWith("mcp-app")) {
        found.push(target);
        continue;
      }
      const { href } = new URL(target ?? "", file);
      if (!href.startsWith(folder.href)) found.push(fileURLToPath(href).slice(fileURLToPath(root).length));
    }
  }
  return found;
}

Deno.test({
  name: "widgets import from src/ui by its one door, and src/ui from nowhere else (9.1)",
  ignore,
  async fn() {
    assert.deepEqual(
      new Set(await importsFromOutside(new URL("widgets/", root))),
      new Set(["mcp-app/ui"]),
    );
    assert.deepEqual(await importsFromOutside(new URL("src/ui/", root)), []);
  },
});
