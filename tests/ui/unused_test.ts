import assert from "node:assert/strict";
import { bundle } from "../../src/dev/widgets/bundle.ts";

const states = await Promise.all(
  (["read", "write", "run", "env", "net"] as const).map((name) => Deno.permissions.query({ name })),
);
const ignore = states.some(({ state }) => state !== "granted");
const root = new URL("../../", import.meta.url);

/** What a widget can do, by the words that it then has to hold. */
const HOOKS: Readonly<Record<string, { readonly use: string; readonly words: readonly string[] }>> = {
  useOpenLink: { use: 'useOpenLink()?.("")', words: ["ui/open-link", "openExternal"] },
  useUpdateModelContext: {
    use: 'useUpdateModelContext()?.("")',
    words: ["ui/update-model-context", "setWidgetState"],
  },
  useDownloadFile: {
    use: 'useDownloadFile()?.({ name: "", mimeType: "", content: "" })',
    words: ["ui/download-file"],
  },
  useDisplayMode: {
    use: 'useDisplayMode().request("inline")',
    words: ["ui/request-display-mode", "requestDisplayMode"],
  },
  useViewState: {
    use: 'useViewState("any", String)[1]("")',
    words: ["setWidgetState", "privateContent"],
  },
  useHostContext: { use: "useHostContext().touch", words: ["pointer: coarse"] },
  useWords: { use: 'useWords({ lang: "en" }).lang', words: ["language:"] },
  usePages: { use: "usePages([]).start", words: ['"resize"'] },
  useToolCalls: { use: 'useToolCalls("any").stateOf("")', words: ['"signed-out"'] },
  Steps: {
    use: 'Steps({ labels: { previous: "", next: "" }, previous: undefined, next: undefined })',
    words: ["M12 4l-6 6 6 6"],
  },
};

/** The script of a widget that does this while it is shown. */
async function built(hook: string, use: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const door = new URL("src/ui/mod.ts", root).href;
    const file = new URL(`file://${folder}/any.tsx`);
    await Deno.writeTextFile(
      file,
      `import { ${hook}, renderWidget } from "${door}"; renderWidget("any", () => String(${use}));`,
    );
    return await bundle(file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "the starter's widget carries nothing of what it does not use, and a widget that uses it does (issue 10)",
  ignore,
  async fn() {
    const starter = await bundle(new URL("starter/widgets/profile.tsx", root));
    assert.ok(starter.includes("ui/initialize"));
    for (const [hook, { use, words }] of Object.entries(HOOKS)) {
      const user = await built(hook, use);
      for (const word of words) {
        assert.ok(user.includes(word), `${hook} is known by "${word}"`);
        assert.ok(!starter.includes(word), `the starter's widget carries "${word}" of ${hook}`);
      }
    }
  },
});
