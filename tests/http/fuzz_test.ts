import { fuzz } from "./fuzz.ts";

Deno.test("3,000 broken requests of both eras are the sender's fault, tell nothing of ours, and get no large answer", async () => {
  await fuzz(3_000, 20261124);
});
