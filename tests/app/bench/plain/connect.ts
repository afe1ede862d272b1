import { isRecord } from "../../../../src/ui/rpc.ts";

/**
 * A page by hand: shows `skeleton`, shakes hands with its host, reports its size, and puts in what `draw` makes of the
 * result when it comes.
 */
export function connect(skeleton: string, draw: (data: Record<string, unknown>) => string): void {
  const root = document.getElementById("root") ?? document.body;
  const post = (message: object) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !isRecord(data)) return;
    if (data.id === 1) {
      post({ method: "ui/notifications/initialized", params: {} });
      new ResizeObserver(reportSize).observe(document.documentElement);
    }
    if (data.method === "ui/notifications/tool-result" && isRecord(data.params)) {
      const { structuredContent } = data.params;
      if (isRecord(structuredContent)) root.innerHTML = `<div lang="en">${draw(structuredContent)}</div>`;
    }
  });
  function reportSize(): void {
    const { width, height } = document.documentElement.getBoundingClientRect();
    post({ method: "ui/notifications/size-changed", params: { width, height: Math.ceil(height) } });
  }
  post({
    id: 1,
    method: "ui/initialize",
    params: {
      appInfo: { name: "plain", version: "1.0.0" },
      appCapabilities: { availableDisplayModes: ["inline"] },
      protocolVersion: "2026-01-26",
    },
  });
  root.innerHTML = `<div lang="en">${skeleton}</div>`;
}

/** A text of the data as markup. */
export function escaped(text: unknown): string {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** The two buttons that lead backwards and forwards. */
export function steps(previous: string, next: string): string {
  const step = (label: string, path: string) =>
    `<button type="button" class="step" aria-label="${label}">
<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"></path></svg></button>`;
  return `<div class="steps">${step(previous, "M12 4l-6 6 6 6")}${step(next, "M8 4l6 6-6 6")}</div>`;
}
