import assert from "node:assert/strict";
import { createTestServer } from "../support.ts";

const { state } = await Deno.permissions.query({ name: "net", host: "127.0.0.1" });

// Small bodies are taken whole, which is bounded only as long as no more can arrive than was declared.
for (
  const lengths of [
    ["content-length: 2", "transfer-encoding: chunked"],
    ["transfer-encoding: chunked", "content-length: 2"],
    ["content-length: 2", "content-length: 3"],
  ]
) {
  Deno.test({
    name: `over a connection "${lengths.join(", ")}" is refused before any of the body is read (TRN-27)`,
    ignore: state !== "granted",
    async fn() {
      const { server } = await createTestServer();
      let asked = 0;
      await using listener = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {} },
        (...request) => {
          asked++;
          return server.fetch(...request);
        },
      );
      using connection = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
      const head = [
        "POST /mcp HTTP/1.1",
        "host: localhost:8000",
        "content-type: application/json",
        ...lengths,
      ];
      await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`));
      const answer = new Uint8Array(1_000);
      const count = await connection.read(answer);
      assert.match(new TextDecoder().decode(answer.subarray(0, count ?? 0)), /^HTTP\/1\.1 400 /);
      assert.equal(asked, 0);
    },
  });
}
