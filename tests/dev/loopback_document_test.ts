import assert from "node:assert/strict";
import { authorize, readPage } from "./flow.ts";
import { REDIRECT_URI } from "./dev_issuer.ts";
import { serveIssuer } from "./served_issuer.ts";

const { state } = await Deno.permissions.query({ name: "net" });

Deno.test({
  name:
    "a client under development on this machine signs in by a document it serves itself (CIMD-05, CIMD-06)",
  ignore: state !== "granted",
  async fn() {
    await using served = await serveIssuer();
    const { issuer, origin } = served;
    await using app = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }): Response => {
      const { pathname } = new URL(url);
      if (pathname === "/moved.json") return Response.redirect(`${documents}/new.json`, 302);
      const document = { client_name: "App at work", redirect_uris: [REDIRECT_URI] };
      // Nothing is wrong with where it has moved to but that a redirect leads there.
      const path = pathname === "/new.json" ? "/moved.json" : pathname;
      return Response.json({ client_id: `${documents}${path}`, ...document });
    });
    const documents = `http://localhost:${app.addr.port}`;
    const resource = `${origin}/mcp`;
    const { text } = await readPage(await authorize(issuer, `${documents}/client.json`, { resource }));
    assert.ok(text.includes("App at work") && text.includes(new URL(documents).host));
    for (const url of [`${documents}/moved.json`, "http://localhost:1/client.json"]) {
      assert.equal((await authorize(issuer, url, { resource })).status, 400);
    }
  },
});
