/** Writes data/widgets.html: every widget in every state, light and dark, with sample data, to be opened as a file. */
import { widgets } from "../../app/widgets.gen.ts";
import { samples } from "../../../widgets/samples.ts";

/** Runs in the preview page: plays the host of each frame, just enough to show one state. */
const script = `
for (const [widget, states] of Object.entries(samples)) {
  for (const [state, messages] of Object.entries(states)) {
    document.body.append(Object.assign(document.createElement("h2"), { textContent: widget + ": " + state }));
    for (const theme of ["light", "dark"]) {
      const frame = Object.assign(document.createElement("iframe"), { sandbox: "allow-scripts", srcdoc: pages[widget] });
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

const json = (value: unknown) => JSON.stringify(value).replaceAll("<", "\\u003C");

if (import.meta.main) {
  const pages = Object.fromEntries(Object.entries(widgets).map(([name, { html }]) => [name, html]));
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Widgets</title>
<style>
body { font: 14px system-ui; margin: 20px; background: #ccc }
iframe { width: 100%; height: 120px; border: 0; margin: 0 0 12px; resize: horizontal; overflow: auto }
</style>
<body><script>const pages = ${json(pages)}, samples = ${json(samples())};${script}</script>`;
  const file = new URL("../../../data/widgets.html", import.meta.url);
  await Deno.mkdir(new URL("./", file), { recursive: true });
  await Deno.writeTextFile(file, html);
  console.log(`Open ${file.href}`);
}
