import assert from "node:assert/strict";
import { authorize, readPage } from "./flow.ts";
import { devIssuer } from "./dev_issuer.ts";
import { assertRefused, CLIENT_ID, DOCUMENT, internet } from "./internet.ts";

Deno.test("a client_id URL is plain https with a path, judged as it is spelled (CIMD-01)", async () => {
  const { fetched, options } = internet({});
  const issuer = await devIssuer(options);
  const bad: [string, RegExp][] = [
    ["http://app.example/client.json", /does not use https/],
    ["https://app.example", /has no path/],
    ["https://app.example/", /has no path/],
    ["https://app.example?path=/client.json", /has no path/],
    ["https://app.example/client.json#fragment", /has a fragment/],
    ["https://app.example/client.json#", /has a fragment/],
    ["https://user@app.example/client.json", /has user information/],
    ["https://user:secret@app.example/client.json", /has user information/],
    ["https://@app.example/client.json", /normal spelling/],
    ["https://app.example/a/../client.json", /normal spelling/],
    ["https://app.example/./client.json", /normal spelling/],
    ["https://app.example/a/%2e%2E/client.json", /normal spelling/],
    ["https://app.example/a/.%2e/client.json", /normal spelling/],
    ["https://app.example\\client.json", /normal spelling/],
    ["https://app.example/client .json", /normal spelling/],
    ["https://app.example:443/client.json", /normal spelling/],
    ["https://APP.example/client.json", /normal spelling/],
    ["HTTPS://app.example/client.json", /normal spelling/],
    ["https:///app.example/client.json", /normal spelling/],
    ["https://", /is not a URL/],
  ];
  for (const [clientId, reason] of bad) await assertRefused(issuer, clientId, reason);
  assert.deepEqual(fetched, []);
});

Deno.test("the document must name its own URL, letter by letter (CIMD-02)", async () => {
  const spelled = [`${CLIENT_ID}?a=1`, `${CLIENT_ID}?`, "https://app.example:8443/client.json"];
  const issuer = await devIssuer(
    internet(Object.fromEntries([CLIENT_ID, ...spelled].map((u) => [u, DOCUMENT]))).options,
  );
  for (const clientId of spelled) await assertRefused(issuer, clientId, /must state its own URL/);
  await readPage(await authorize(issuer, CLIENT_ID));
});
