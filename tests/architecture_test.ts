import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import sample from "../src/app/mod.ts";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** What the files of each place may import from other places; a `type` import carries no code. */
const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  "main.ts": /^(type )?src\/(mod|assemble|app\/mod)\.ts$|^src\/config\//,
  "doctor.ts": /^src\/(assemble|app\/mod)\.ts$|^(type )?src\/dev\/doctor\//,
  "runtimes/": /^src\/(assemble|app\/mod)\.ts$/,
  "src/mod.ts": /^type src\/auth\/|^(type )?src\/mcp\//,
  "src/assemble.ts": /^(type )?src\/(?!app\/)/,
  "src/server.ts": /^(type )?src\/(?!app\/)/,
  "src/telemetry.ts": /^type src\/|^src\/net\//,
  "src/app/": /^(type )?src\/(mod|storage\/mod)\.ts$/,
  "src/auth/": /^(type )?src\/net\//,
  "src/config/": /^(type )?src\/net\//,
  "src/dev/": /^(type )?src\/(net|dev\/issuer|dev\/playground)\//,
  "src/dev/doctor/": /^(type )?src\/net\//,
  "src/dev/issuer/": /^(type )?src\/net\//,
  "src/dev/playground/": /^(type )?src\/(net|dev\/issuer|dev\/widgets)\//,
  "src/dev/testing/": /^(type )?src\/(assemble\.ts$|config\/)|^type src\/(dev\/|mcp\/)/,
  "src/dev/widgets/": /^type src\/ui\//,
  "src/http/": /^(type )?src\/net\//,
  // Of auth and http it runs what the endpoint's list of checks names, and what their errors and headers are.
  "src/mcp/":
    /^(type )?src\/net\/|^type src\/(auth\/|http\/|storage\/mod\.ts$)|^src\/(auth\/(bearer|errors)|http\/(body|errors|rate_limit))\.ts$/,
  "src/net/": /^$/,
  "src/storage/": /^(type )?src\/net\//,
  "src/ui/": /^$/,
  "starter/project.ts": /^src\/app\/mod\.ts$/,
  "starter/src/": /^(type )?src\/(mod|storage\/mod)\.ts$/,
  "starter/tests/": /^(type )?(src\/dev\/testing\/mod|starter\/src\/app\/mod)\.ts$/,
  "starter/widgets/": /^(type )?src\/ui\/mod\.ts$/,
  "widgets/": /^(type )?src\/ui\/mod\.ts$/,
};

/** What an app is made of: it knows the core by the names of the import map only, so that the core can move. */
const OF_AN_APP = /^(starter\/)?(src\/app|widgets|tests\/app)\//;

interface Import {
  /** As it stands in the file. */
  readonly written: string;
  /** The file that it leads to, relative to the project. */
  readonly target: string;
  readonly type: boolean;
}

interface Source {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
  /** Those that lead to files of the project. */
  readonly imports: readonly Import[];
}

const sources: Source[] = ignore ? [] : await readSources();

async function readSources(): Promise<Source[]> {
  const { imports: map } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const urls = [new URL("main.ts", root), new URL("doctor.ts", root)];
  for (const folder of ["runtimes/", "src/", "starter/", "widgets/"]) {
    urls.push(...await Array.fromAsync(filesIn(new URL(folder, root))));
  }
  return await Promise.all(
    urls.filter(({ href }) => /\.tsx?$/.test(href)).map(async (url) => {
      const text = await Deno.readTextFile(url);
      return { path: pathOf(url), text, imports: importsOf(text, url, map) };
    }),
  );
}

async function* filesIn(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesIn(new URL(`${name}/`, folder));
    else yield new URL(name, folder);
  }
}

function importsOf(text: string, file: URL, map: Readonly<Record<string, string>>): Import[] {
  const found = text.matchAll(
    /^(?:import|export)\b( type\b)?(?:[^;"]*? from)? ?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].flatMap(([, type, fixed, dynamic]) => {
    const written = fixed ?? dynamic ?? "";
    const mapped = map[written];
    if (!(mapped ?? written).startsWith(".")) return [];
    const target = mapped === undefined ? new URL(written, file) : new URL(mapped, root);
    return [{ written, target: pathOf(target), type: type !== undefined }];
  });
}

function pathOf(url: URL): string {
  return url.href.slice(root.href.length);
}

/** The most specific place that has a rule and holds the file. */
function placeOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT).filter((place) =>
    place === path || place.endsWith("/") && path.startsWith(place)
  )
    .sort((a, b) => b.length - a.length)[0];
}

Deno.test({ name: "places import from each other only as the design says", ignore }, () => {
  const broken = sources.flatMap(({ path, imports }) => {
    const place = placeOf(path);
    const rule = place === undefined ? undefined : MAY_IMPORT[place];
    return imports
      .filter(({ target }) => placeOf(target) !== place)
      .map(({ target, type }) => `${type ? "type " : ""}${target}`)
      .filter((imported) => !rule?.test(imported))
      .map((imported) => `${path} imports ${imported}`);
  });
  assert.deepEqual(broken, []);
});

Deno.test({ name: "every file has a place with a rule", ignore }, () => {
  assert.deepEqual(sources.map(({ path }) => path).filter((path) => placeOf(path) === undefined), []);
  const unused = Object.keys(MAY_IMPORT).filter((place) =>
    !sources.some(({ path }) => placeOf(path) === place)
  );
  assert.deepEqual(unused, []);
});

Deno.test(
  { name: "an app knows the core by name only, and the core knows itself by path only", ignore },
  () => {
    const broken = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ written, target }) => {
          if (OF_AN_APP.test(target)) return false;
          const named = !written.startsWith(".");
          return OF_AN_APP.test(path) ? !named : named && path.startsWith("src/");
        })
        .map(({ written }) => `${path} imports "${written}"`)
    );
    assert.deepEqual(broken, []);
  },
);

/** Circles that are known: what a request is and what ends it, which these share, stands in the first. */
const KNOWN_CIRCLES = ["src/mcp/dispatch.ts, src/mcp/sdk_lane.ts, src/mcp/sdk_server.ts"];

Deno.test({ name: "no import leads back to its own file, not even for a type", ignore }, () => {
  const reached = new Map(sources.map(({ path }) => [path, reachedFrom(path)]));
  const circles = sources.map(({ path }) =>
    [...reached.get(path)!].filter((other) => reached.get(other)?.has(path)).sort().join(", ")
  );
  assert.deepEqual([...new Set(circles)].filter(Boolean), KNOWN_CIRCLES);
});

/** All files that a file imports, directly or not; itself only if an import leads back to it. */
function reachedFrom(path: string): Set<string> {
  const reached = new Set<string>();
  const follow = (from: string): void => {
    for (const { target } of sources.find(({ path }) => path === from)?.imports ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      follow(target);
    }
  };
  follow(path);
  return reached;
}

/** The sample, which a new project does without. */
const OF_THE_SAMPLE = /^(src\/app|tests\/app)\//;

Deno.test({ name: "the core and its tests do not know what the sample is about", ignore }, async () => {
  const [word = ""] = sample.name.split("-");
  assert.ok(word.length > 3, "the sample's name begins with what it is about");
  const urls = ["main.ts", "doctor.ts", "deno.json", ".env.example"].map((path) => new URL(path, root));
  for (const folder of ["runtimes/", "src/", "starter/", "tests/"]) {
    urls.push(...await Array.fromAsync(filesIn(new URL(folder, root))));
  }
  const core = urls.filter((url) => !OF_THE_SAMPLE.test(pathOf(url)));
  const texts = await Promise.all(core.map(async (url) => `${pathOf(url)}\n${await Deno.readTextFile(url)}`));
  assert.deepEqual(
    texts.filter((text) => text.toLowerCase().includes(word)).map((text) => text.split("\n")[0]),
    [],
  );
});

Deno.test(
  { name: "the machine is touched in main.ts only, save for the files of databases", ignore },
  () => {
    const touching = sources.filter(({ path, text }) =>
      /^(src|widgets)\//.test(path) &&
      !/\/dev\/(widgets\/|(token|watch)\.ts$)|\/build\.ts$|\.gen\.ts$/.test(path) &&
      /(?<!`)\bDeno\.[a-z]|\bprocess\.env\b/.test(text)
    );
    assert.deepEqual(touching.map(({ path }) => path), []);
  },
);

const { state: mayRun } = await Deno.permissions.query({ name: "run" });

Deno.test({
  name: "importing any file does nothing: no word, no timer, no permission needed",
  ignore: ignore || mayRun !== "granted",
}, async () => {
  // The browser's side needs a document, other runtimes start by an import, and the starter's test is one.
  const imports = sources
    .filter(({ path }) =>
      !/^(runtimes|src\/ui|src\/dev\/playground\/client|(starter\/)?widgets|starter\/tests)\//.test(path)
    )
    .map(({ path }) => `import "${new URL(path, root)}";`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      "--config",
      fileURLToPath(new URL("deno.json", root)),
      "-",
    ],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(imports.join("\n")));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const said = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
  assert.deepEqual({ code, said }, { code: 0, said: "" });
});
