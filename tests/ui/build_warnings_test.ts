import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);
const states = await Promise.all(
  (["read", "write", "run"] as const).map((name) => Deno.permissions.query({ name })),
);
const ignore = states.some(({ state }) => state !== "granted");

/** Builds the widgets of a project and gives back what was said, and the pages. */
async function build(project: string) {
  const target = `${project}/app/widgets.gen.ts`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "src/dev/widgets/widgets.ts", `${project}/faces`, target],
    cwd: root,
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, said);
  const { widgets } = await import(`file://${target}?${crypto.randomUUID()}`);
  return { said, widgets: widgets as Readonly<Record<string, { readonly html: string }>> };
}

/** A project of these files, by their paths; removed afterwards. */
async function withProject(files: Readonly<Record<string, string>>, run: (path: string) => Promise<void>) {
  const project = await Deno.makeTempDir();
  try {
    for (const folder of ["faces", "app"]) await Deno.mkdir(`${project}/${folder}`);
    for (const [path, text] of Object.entries(files)) await Deno.writeTextFile(`${project}/${path}`, text);
    await run(project);
  } finally {
    await Deno.remove(project, { recursive: true });
  }
}

const door = new URL("src/ui/mod.ts", root).href;
const face = (body: string) => `import { renderWidget } from "${door}"; renderWidget("x", () => ${body});`;

Deno.test({
  name: "the build warns of an origin that a widget names and the app does not declare (UI-09)",
  ignore,
  async fn() {
    const files = {
      "faces/theme.css": "",
      "faces/map.tsx": face(
        '{ fetch("https://api.example.com/v1"); fetch(`https://tiles.example.com/1`); return "" }',
      ),
      "app/mod.ts": 'export const csp = { connect: ["https://api.example.com"] };',
    };
    await withProject(files, async (project) => {
      const { said } = await build(project);
      assert.deepEqual(said.split("\n").slice(1), [
        "A widget names https://tiles.example.com: add it to the csp of its defineWidget, or hosts will block it.",
        "",
      ]);
    });
  },
});

Deno.test({
  name: "a widget gets the styles of its own name, and of a variable that the app sets only the app's",
  ignore,
  async fn() {
    const files = {
      "faces/theme.css": ":root { --accent: rebeccapurple } .both { --card: red }",
      "faces/one.tsx": face('"one"'),
      "faces/one.css": ".only-one { color: red }",
      "faces/two.tsx": face('"two"'),
    };
    await withProject(files, async (project) => {
      const { one, two } = (await build(project)).widgets;
      assert.match(one?.html ?? "", /\.only-one/);
      assert.doesNotMatch(two?.html ?? "", /\.only-one/);
      for (const page of [one, two]) {
        assert.equal(page?.html.match(/--accent:/g)?.length, 1);
        assert.equal(
          page?.html.match(/--card:/g)?.length,
          2,
          "outside of the first rule it is another matter",
        );
      }
    });
  },
});

Deno.test({
  name: "a widget that uses nothing of its host carries nothing for it",
  ignore,
  async fn() {
    await withProject({ "faces/theme.css": "", "faces/plain.tsx": face('"plain"') }, async (project) => {
      const { html = "" } = (await build(project)).widgets.plain ?? {};
      const unused =
        /ui\/(open-link|update-model-context|download-file|request-display-mode)|setWidgetState|matchMedia/;
      assert.match(html, /ui\/initialize/);
      assert.doesNotMatch(html, unused);
    });
  },
});

Deno.test({
  name: "letters stand in the page as they are, and what would end a text or a line stays escaped",
  ignore,
  async fn() {
    const files = {
      "faces/theme.css": "",
      "faces/words.tsx": face(String.raw`"\u0637\u0644\u0628 caf\u00e9 \ud83c\udf55 \u2028 \\u0637"`),
    };
    await withProject(files, async (project) => {
      const html = (await build(project)).widgets.words?.html.match(/.{0,30}caf.{0,60}/)?.[0] ?? "";
      assert.match(html, /طلب café/);
      assert.match(html, /\\u2028 \\\\u0637/);
    });
  },
});
