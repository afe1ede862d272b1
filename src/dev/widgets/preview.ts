/**
 * Writes one page with every widget in every state, light and dark, with sample data, to be opened as a file:
 *
 *     deno run -A src/dev/widgets/preview.ts <generated widgets> <samples> <target>
 *
 * The samples' module exports `samples(): Samples`. All are paths below the working directory.
 */
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { HostMessage } from "../../ui/view.ts";

/** What a host sends to each widget, by the widget's name and the name of the state that it leads to. */
export type Samples = Readonly<Record<string, Readonly<Record<string, readonly HostMessage[]>>>>;

/** Runs in the preview page: plays the host of each frame, just enough to show one state. */
const script = `
for (const [widget, states] of Object.entries(samples)) {
  for (const [state, messages] of Object.entries(states)) {
    document.body.append(Object.assign(document.createElement("h2"), { textContent: widget + ": " + state }));
    for (const theme of ["light", "dark"]) {
      const frame = document.createElement("iframe");
      Object.assign(frame, { className: theme, sandbox: "allow-scripts", srcdoc: pages[widget] });
      document.body.append(frame);
      addEventListener("message", ({ source, data }) => {
        if (source !== frame.contentWindow) return;
        const post = (message) => source.postMessage({ jsonrpc: "2.0", ...message }, "*");
        if (data.method === "ui/notifications/size-changed") frame.style.height = data.params.height + "px";
        if (data.method === "ui/notifications/initialized") messages.forEach(post);
        if (data.method === "ui/initialize") {
          const hostCapabilities = { serverTools: {}, message: {} };
          post({ id: data.id, result: { hostCapabilities, hostContext: { theme } } });
        } else if (data.id) setTimeout(post, 1000, { id: data.id, result: {} });
      });
    }
  }
}`;

/** The page, from the widgets' HTML by name and their samples. */
export function previewPage(
  widgets: Readonly<Record<string, { readonly html: string }>>,
  samples: Samples,
): string {
  const pages = Object.fromEntries(Object.entries(widgets).map(([name, { html }]) => [name, html]));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Widgets</title>
<style>
body { font: 14px system-ui; margin: 20px; background: #ccc }
iframe { display: block; width: 100%; height: 120px; border: 0; margin: 0 0 12px; resize: horizontal }
.light { background: #fff; color-scheme: light }
.dark { background: #212121; color-scheme: dark }
</style>
<body><script>const pages = ${json(pages)}, samples = ${json(samples)};${script}</script>`;
}

function json(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003C");
}

if (import.meta.main) {
  const [generated, samples, target] = Deno.args;
  if (!generated || !samples || !target) {
    throw new Error(
      "Cannot write the preview: say the generated widgets, the samples and the target, in this order.",
    );
  }
  const [{ widgets }, { samples: makeSamples }] = await Promise.all(
    [generated, samples].map((path) => import(pathToFileURL(path).href)),
  );
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.writeTextFile(target, previewPage(widgets, makeSamples()));
  console.log(`Open ${pathToFileURL(target).href}`);
}
