import assert from "node:assert/strict";
import { METRICS } from "../src/telemetry.ts";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** As a Prometheus exporter writes them: seconds are histograms, the rest counters. */
const EXPORTED = Object.entries(METRICS).flatMap(([metric, description]) => {
  const name = metric.replaceAll(".", "_");
  return description.startsWith("Seconds")
    ? ["bucket", "count"].map((part) => `${name}_seconds_${part}`)
    : `${name}_total`;
});

Deno.test({
  name: "the dashboard and the alerts ask for metrics that the server has, and leave out none",
  ignore,
}, async () => {
  const dashboard = await Deno.readTextFile(new URL("docs/grafana-dashboard.json", root));
  JSON.parse(dashboard);
  const alerts = await Deno.readTextFile(new URL("docs/alerts.md", root));
  for (const text of [dashboard, alerts]) {
    const asked = [...text.matchAll(/\b(?:mcp_server|db_client)_\w+/g)].map(([name]) => name);
    assert.deepEqual(asked.filter((name) => !EXPORTED.includes(name)), []);
    for (const metric of Object.keys(METRICS)) {
      const name = metric.replaceAll(".", "_");
      assert.ok(asked.some((asked) => asked.startsWith(name)), `${metric} is nowhere`);
    }
  }
});

Deno.test({ name: "OpenTelemetry is loaded only where it is asked for", ignore }, async () => {
  const importers: string[] = [];
  const look = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const url = new URL(isDirectory ? `${name}/` : name, folder);
      if (isDirectory) await look(url);
      else if (name.endsWith(".ts") && !name.endsWith(".gen.ts")) {
        const text = await Deno.readTextFile(url);
        const found = text.match(
          /^(import|export) (?!type)[^;()]* from "(\.\/telemetry\.ts|@opentelemetry\/[^"]*)"/m,
        );
        if (found) importers.push(url.href.slice(root.href.length));
      }
    }
  };
  await look(new URL("src/", root));
  assert.deepEqual(importers, ["src/telemetry.ts"], "all else imports its types, or imports it when asked");
});
