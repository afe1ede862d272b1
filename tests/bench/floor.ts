import { createRemoteJWKSet, jwtVerify } from "@panva/jose";

/** How little a server can do: write bytes; parse the question, too; or verify its token, too. */
export type Floor = "constant" | "JSON" | "signature";

/**
 * Answers what another server has answered to the same question, which it asks once. Arguments: port, issuer, kind of
 * floor, port of the other.
 */
function main(port: number, issuer: string, kind: Floor, other: number): void {
  const answers = new Map<string, Promise<{ text: string; result: unknown }>>();
  const keys = createRemoteJWKSet(new URL("/jwks", issuer));

  async function ask(body: string, headers: Headers) {
    const response = await fetch(`http://127.0.0.1:${other}/mcp`, { method: "POST", headers, body });
    const text = await response.text();
    return { text, result: JSON.parse(text).result };
  }

  function remembered(key: string, body: string, headers: Headers) {
    const known = answers.get(key) ?? ask(body, headers);
    answers.set(key, known);
    return known;
  }

  Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, async (request) => {
    const { headers } = request;
    if (kind === "constant") {
      // Nothing is read: a question is known by its length.
      const length = headers.get("content-length")!;
      const known = await (answers.get(length) ?? remembered(length, await request.text(), headers));
      return new Response(known.text, { headers: { "content-type": "application/json" } });
    }
    const token = headers.get("authorization")?.slice("Bearer ".length);
    if (kind === "signature" && token !== undefined) await jwtVerify(token, keys, { issuer });
    const question = await request.json();
    const key = `${question.method} ${question.params?.name}`;
    const { result } = await remembered(key, JSON.stringify(question), headers);
    return Response.json({ jsonrpc: "2.0", id: question.id, result });
  });
}

if (import.meta.main) {
  const [port, issuer, kind, other] = Deno.args as [string, string, Floor, string];
  main(Number(port), issuer, kind, Number(other));
}
