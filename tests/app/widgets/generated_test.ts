import assert from "node:assert/strict";
import { source, widgets } from "../../../src/app/widgets.gen.ts";

const folder = new URL("../../../widgets/", import.meta.url);
const pages = Object.entries(widgets);

Deno.test("every widget is a whole HTML5 document with a language and a title (UI-03, VIEW-18)", () => {
  assert.deepEqual(Object.keys(widgets), ["mixed-auth-past-orders", "mixed-auth-search"]);
  for (const [, { html }] of pages) {
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
    assert.match(html, /<title>Mixed auth [a-z ]+<\/title>/);
    assert.equal(html.match(/<\/script/gi)?.length, 1, "nothing inside the script can end it early");
  }
});

Deno.test("a widget names no other origin than the SVG and XHTML namespaces (UI-10)", () => {
  for (const [name, { html }] of pages) {
    const origins = Array.from(html.matchAll(/(?:https?|wss?):\/\/[^"'`\s)]*/g), ([origin]) => origin);
    const foreign = origins.filter((origin) => !origin.startsWith("http://www.w3.org/"));
    assert.deepEqual(foreign, [], name);
    assert.doesNotMatch(html, /\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(|<(?:link|img|iframe)\b/, name);
  }
});

Deno.test("a widget neither evaluates text, nor stores, nor interrupts (UI-11, VIEW-14, VIEW-15)", () => {
  for (const [name, { html }] of pages) {
    assert.doesNotMatch(html, /\beval\(|new Function|localStorage|sessionStorage|document\.cookie/, name);
    assert.doesNotMatch(html, /\b(?:alert|prompt|confirm)\(|clipboard/, name);
  }
});

Deno.test("a widget is at most 40 KB and is named by the hash of its page (OAI-15)", async () => {
  for (const [name, { html, hash }] of pages) {
    const bytes = new TextEncoder().encode(html);
    assert.ok(bytes.length <= 40 * 1024, `${name}: ${bytes.length} bytes`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    assert.equal(hash, digest.toHex().slice(0, 12), name);
  }
});

const read = await Deno.permissions.query({ name: "read" });

Deno.test({
  name: "the committed widgets were built from the files in widgets/",
  ignore: read.state !== "granted",
  async fn() {
    const { sourceHash } = await import("../../../src/dev/widgets/widgets.ts");
    assert.equal(source, await sourceHash(folder), "src/app/widgets.gen.ts is stale: run `deno task build`");
  },
});

Deno.test({
  name: "building the same files again gives the same bytes",
  ignore: read.state !== "granted",
  async fn() {
    const { generate } = await import("../../../src/dev/widgets/widgets.ts");
    const committed = await Deno.readTextFile(new URL("../../../src/app/widgets.gen.ts", import.meta.url));
    assert.equal(await generate(folder, source), committed);
  },
});
