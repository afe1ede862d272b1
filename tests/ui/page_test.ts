import assert from "node:assert/strict";
import { chromiumAvailable } from "../chromium.ts";
import { notesWidget } from "./notes_widget.ts";

const ignore = !chromiumAvailable;
const { html = "", hash } = notesWidget?.notes ?? {};

Deno.test({
  name: "a built widget is a whole HTML5 document with a language and a title (UI-03, VIEW-18)",
  ignore,
  fn() {
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
    assert.match(html, /<title>Notes<\/title>/);
    assert.equal(html.match(/<\/script/gi)?.length, 1, "nothing inside the script can end it early");
  },
});

Deno.test({
  name: "a built widget names no other origin than the SVG and XHTML namespaces (UI-10)",
  ignore,
  fn() {
    const origins = Array.from(html.matchAll(/(?:https?|wss?):\/\/[^"'`\s)]*/g), ([origin]) => origin);
    assert.deepEqual(origins.filter((origin) => !origin.startsWith("http://www.w3.org/")), []);
    assert.doesNotMatch(html, /\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(|<(?:link|img|iframe)\b/);
  },
});

Deno.test({
  name: "a built widget neither evaluates text, nor stores, nor interrupts (UI-11, VIEW-14, VIEW-15)",
  ignore,
  fn() {
    assert.doesNotMatch(html, /\beval\(|new Function|localStorage|sessionStorage|document\.cookie/);
    assert.doesNotMatch(html, /\b(?:alert|prompt|confirm)\(|clipboard/);
  },
});

Deno.test({
  name: "a built widget is at most 40 KB and is named by the hash of its page (OAI-15)",
  ignore,
  async fn() {
    const bytes = new TextEncoder().encode(html);
    assert.ok(bytes.length <= 40 * 1024, `${bytes.length} bytes`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    assert.equal(hash, digest.toHex().slice(0, 12));
  },
});
