import assert from "node:assert/strict";
import { UriTemplate } from "@modelcontextprotocol/server";
import { parseUriTemplate } from "../../src/mcp/uri_template.ts";

for (
  const [template, uri, found] of [
    ["notes://{id}", "notes://7", { id: "7" }],
    ["notes://{id}", "notes://caf%C3%A9%2F%20x", { id: "café/ x" }],
    ["notes://{id}", "notes://", undefined],
    ["notes://{id}", "notes://a/b", undefined],
    ["notes://{id}", "notes://a?x=1", undefined],
    ["notes://{id}", "notes://%zz", undefined],
    ["notes://{id}", "notes://%ff", undefined],
    ["notes://{id}", "NOTES://7", undefined],
    ["notes://{id}.txt", "notes://7.txt", { id: "7" }],
    ["notes://{id}.txt", "notes://7xtxt", undefined],
    ["notes://{year}/{id}", "notes://2026/7", { year: "2026", id: "7" }],
    ["notes://{year}{/id}", "notes://2026/7", { year: "2026", id: "7" }],
    ["notes://{year}/{id}", "notes://2026/7/8", undefined],
    ["files:///{+path}", "files:///a/b.txt", { path: "a/b.txt" }],
    ["notes://search{?q,limit}", "notes://search", {}],
    ["notes://search{?q,limit}", "notes://search?limit=5&q=a%26b", { limit: "5", q: "a&b" }],
    ["notes://search{?q,limit}", "notes://search?q=", { q: "" }],
    ["notes://search{?q,limit}", "notes://search?q=1&q=2", undefined],
    ["notes://search{?q,limit}", "notes://search?other=1", undefined],
    ["notes://search{?q,limit}", "notes://search?q", undefined],
    ["notes://{shelf}{?q}", "notes://top?q=x", { shelf: "top", q: "x" }],
    ["notes://{__proto__}", "notes://x", { ["__proto__"]: "x" }],
  ] as const
) {
  Deno.test(`${template} finds ${JSON.stringify(found) ?? "nothing"} in ${uri}`, () => {
    assert.deepEqual(parseUriTemplate(template).match(uri), found);
  });
}

for (
  const [template, why] of [
    ["notes", /begin with a scheme/],
    ["notes://all", /has no variable/],
    ["notes://{a}{b}", /"\/" must stand before \{b\}/],
    ["notes://{a}-{b}", /"\/" must stand before \{b\}/],
    ["notes://{a}/{a}", /occurs twice/],
    ["notes://{+a}/raw", /nothing can follow/],
    ["notes://{?a}/raw", /nothing can follow/],
    ["notes://{a*}", /none of/],
    ["notes://{a,b}", /none of/],
    ["notes://{#a}", /none of/],
    ["notes://{}", /none of/],
    ["notes://{a", /brace/],
  ] as const
) {
  Deno.test(`the template ${template} is refused at start, with the reason`, () => {
    assert.throws(() => parseUriTemplate(template), why);
  });
}

Deno.test("what the SDK's template makes of values is read back as those values (RFC 6570)", () => {
  const values = ["x", "a b", "ü", "50%", "a/b", "?&=#", "..", "%2F", "日本", "~._-"];
  for (const template of ["t://{a}", "t://{a}/x/{b}", "t://x{/a}", "t://x{?a,b}", "t://{a}{?b}"]) {
    const ours = parseUriTemplate(template);
    for (const a of values) {
      for (const b of values) {
        const given = Object.fromEntries(
          Object.entries({ a, b }).filter(([name]) => ours.names.includes(name)),
        );
        assert.deepEqual(ours.match(new UriTemplate(template).expand(given)), given);
      }
    }
  }
});

Deno.test("matching takes time in proportion to the URI, however it is made", () => {
  const size = 2_000_000;
  const templates = [
    "t://{a}/{b}/{c}/end",
    "t://{a}.html.html",
    "t://{a}{?b,c}",
    "t://x/{+a}",
    "t://{a}{/b}{/c}",
  ];
  for (const template of templates) {
    const { match } = parseUriTemplate(template);
    for (const filler of ["x", ".html", "/x", "?b=", "&b=1", "%41", "?", "/"]) {
      match(`t://${filler.repeat(size / filler.length)}\n`);
    }
  }
});
