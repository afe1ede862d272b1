import { PLACES } from "../../src/app/places.ts";
import { contend } from "./contender.ts";

/** What no server can do without: parse the question, write an answer of the size of a search. */
function main(): void {
  const structuredContent = { pizzaTopping: "", places: PLACES, signedIn: false };
  const text = JSON.stringify(structuredContent);
  const result = { content: [{ type: "text", text }, { type: "text", text }], structuredContent };
  contend(async (request) => {
    const { id } = await request.json();
    return Response.json({ jsonrpc: "2.0", id, result });
  });
}

if (import.meta.main) main();
