import assert from "node:assert/strict";
import { ask, createTestServer, rpc, toolCall } from "../support.ts";

const { server, issuer } = await createTestServer();
const base64 = (text: string) => `=?base64?${btoa(text)}?=`;

/** Headers that do not fit a modern call of the open tool, and what they break; null removes one. */
const REFUSED: Record<string, Record<string, string | null>> = {
  "no Mcp-Protocol-Version (TRN-13)": { "mcp-protocol-version": null },
  "the version of the other era (TRN-13)": { "mcp-protocol-version": "2025-11-25" },
  "no Mcp-Method (TRN-16)": { "mcp-method": null },
  "another method (TRN-16)": { "mcp-method": "tools/list" },
  "the method in capitals (TRN-17)": { "mcp-method": "TOOLS/CALL" },
  "an empty method (TRN-16)": { "mcp-method": "" },
  "no Mcp-Name (TRN-16)": { "mcp-name": null },
  "another name (TRN-16)": { "mcp-name": "list_notes" },
  "the name in capitals (TRN-17)": { "mcp-name": "SEARCH_NOTES" },
  "the name in Base64 with broken padding (TRN-17)": { "mcp-name": `=?base64?${btoa("search_notes")}=?=` },
  "another name in Base64 (TRN-17)": { "mcp-name": base64("list_notes") },
  "two names (TRN-16)": { "mcp-name": "search_notes, search_notes" },
};

for (const [what, headers] of Object.entries(REFUSED)) {
  Deno.test(`400 and -32020 for a modern call with ${what}`, async () => {
    const { status, body } = await ask(server, changed(toolCall("modern", "search_notes"), headers));
    assert.equal(status, 400);
    assert.equal(body.error?.code, -32020);
  });
}

const ACCEPTED: Record<string, Record<string, string | null>> = {
  "header names in capitals": { "MCP-METHOD": "tools/call" },
  "spaces around the name": { "mcp-name": "  search_notes  " },
  "the name in Base64": { "mcp-name": base64("search_notes") },
};

for (const [what, headers] of Object.entries(ACCEPTED)) {
  Deno.test(`a modern call with ${what} is served (TRN-17)`, async () => {
    assert.equal((await ask(server, changed(toolCall("modern", "search_notes"), headers))).status, 200);
  });
}

Deno.test("resources/read needs its address in Mcp-Name (TRN-16)", async () => {
  const read = () => rpc("modern", "resources/read", { uri: "ui://widget/found-notes.html" });
  assert.equal((await ask(server, read())).status, 200);
  for (const name of [null, "ui://widget/other.html"]) {
    assert.equal((await ask(server, changed(read(), { "mcp-name": name }))).body.error?.code, -32020);
  }
});

Deno.test("a header that names an open tool opens no protected one: 400 before 401 (TRN-19)", async () => {
  const request = changed(toolCall("modern", "list_notes"), { "mcp-name": "search_notes" });
  const { status, headers, body } = await ask(server, request);
  assert.equal(status, 400);
  assert.equal(body.error?.code, -32020);
  assert.equal(headers.get("www-authenticate"), null);
});

Deno.test("a header that names a protected tool does not close an open one: it is 400 as well (TRN-19)", async () => {
  const request = changed(toolCall("modern", "search_notes"), { "mcp-name": "list_notes" });
  assert.equal((await ask(server, request)).status, 400);
});

Deno.test("a bad token is told before a bad header (AUTH-20)", async () => {
  const request = changed(toolCall("modern", "search_notes", {}, { token: "bad" }), { "mcp-name": null });
  assert.equal((await ask(server, request)).status, 401);
});

Deno.test("a bad header is told before a missing scope (TRN-19)", async () => {
  const token = await issuer.token({ scope: "" });
  const request = changed(toolCall("modern", "list_notes", {}, { token }), { "mcp-name": null });
  assert.equal((await ask(server, request)).status, 400);
});

Deno.test("the legacy era ignores the modern headers but for the version (TRN-22)", async () => {
  const misleading = { "mcp-method": "tools/list", "mcp-name": "search_notes" };
  assert.equal(
    (await ask(server, toolCall("legacy", "list_notes", {}, { headers: misleading }))).status,
    401,
  );
  const status = async (version: string) =>
    (await ask(server, rpc("legacy", "tools/list", {}, { headers: { "mcp-protocol-version": version } })))
      .status;
  for (const version of ["2025-11-25", "2025-06-18", "2025-03-26"]) assert.equal(await status(version), 200);
  for (const version of ["1999-01-01", "latest", ""]) assert.equal(await status(version), 400, version);
});

Deno.test("an unknown version in the header is 400 before a protected call is challenged (TRN-22)", async () => {
  const headers = { "mcp-protocol-version": "1999-01-01" };
  assert.equal((await ask(server, toolCall("legacy", "list_notes", {}, { headers }))).status, 400);
});

function changed(request: Request, changes: Record<string, string | null>): Request {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) request.headers.delete(name);
    else request.headers.set(name, value);
  }
  return request;
}
