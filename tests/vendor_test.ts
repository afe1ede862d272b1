import assert from "node:assert/strict";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** The two JSR packages, and the npm packages that stand in for them. */
const STAND_INS = { "@hono/hono": "hono", "@panva/jose": "jose" };

async function json<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, root)));
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
}

for (const [jsr, npm] of Object.entries(STAND_INS)) {
  Deno.test({ name: `vendor/${npm} is the version of npm:${npm} that is locked`, ignore }, async () => {
    const { name, version, exports } = await json<Manifest>(`vendor/${npm}/deno.json`);
    const { specifiers } = await json<{ specifiers: Record<string, string> }>("deno.lock");
    assert.equal(name, jsr);
    assert.equal(specifiers[`npm:${npm}@${version}`], version);
    for (const [subpath, file] of Object.entries(exports)) {
      const text = await Deno.readTextFile(new URL(`vendor/${npm}/${file}`, root));
      const reexport = `export * from "npm:${npm}@${version}${subpath.slice(1)}";`;
      assert.ok(text.includes(reexport), `vendor/${npm}/${file} has to say: ${reexport}`);
    }
  });

  Deno.test(
    { name: `every path of ${jsr} in the import map is in vendor/${npm}, and no other`, ignore },
    async () => {
      const { version, exports } = await json<Manifest>(`vendor/${npm}/deno.json`);
      const { imports, links } = await json<{ imports: Record<string, string>; links: string[] }>(
        "deno.json",
      );
      assert.ok(links.includes(`./vendor/${npm}`));
      const used = Object.keys(imports).filter((name) => name === jsr || name.startsWith(`${jsr}/`));
      assert.deepEqual(used.map((name) => `.${name.slice(jsr.length)}`).sort(), Object.keys(exports).sort());
      for (const name of used) {
        assert.equal(imports[name], `jsr:${jsr}@^${version}${name.slice(jsr.length)}`);
      }
    },
  );
}
