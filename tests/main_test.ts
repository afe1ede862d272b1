import assert from "node:assert/strict";

const main = new URL("../main.ts", import.meta.url).pathname;
const states = await Promise.all((["run", "read"] as const).map((name) => Deno.permissions.query({ name })));
const ignore = states.some(({ state }) => state !== "granted");

Deno.test({
  name: "main.ts ends with 1 and every problem on stderr when the configuration is wrong, no stack trace",
  ignore,
}, async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "--allow-env", main],
    env: { PORT: "eight", RESOURCE_SERVER_URL: "http://pizza.example/mcp" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  assert.equal(code, 1, said);
  assert.equal(stdout.length, 0);
  assert.match(
    said,
    /^The configuration has 2 problems:\n {2}PORT=eight: .*\n {2}RESOURCE_SERVER_URL=.*use https/,
  );
  assert.doesNotMatch(said, /\n\s+at |file:\/\//);
});
