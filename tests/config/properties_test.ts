import fc from "fast-check";
import assert from "node:assert/strict";
import { ConfigError, loadConfig } from "../../src/config/config.ts";
import { variableNames } from "../../src/config/environment.ts";

const MACHINE = { isTerminal: false };

Deno.test("a public URL is taken in the spelling that URL parsers give it, or refused (PRM-05)", () => {
  const url = fc.oneof(
    fc.webUrl(),
    fc.webUrl().map((url) => url.replace(/^http:/, "https:").toUpperCase()),
    fc.string(),
  );
  fc.assert(fc.property(url, (RESOURCE_SERVER_URL) => {
    fc.pre(RESOURCE_SERVER_URL !== "");
    try {
      const { resource } = loadConfig({ RESOURCE_SERVER_URL }, MACHINE);
      assert.equal(resource, RESOURCE_SERVER_URL);
      assert.equal(new URL(resource).href.replace(/\/$/, ""), resource);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /RESOURCE_SERVER_URL/);
    }
  }));
});

Deno.test("any environment makes a configuration, or one error that names a variable", () => {
  const names = fc.constantFrom(...variableNames());
  const values = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("0", "true", "auto", "-1", "1e9", "a,b"));
  fc.assert(fc.property(fc.dictionary(names, values, { maxKeys: 6 }), (env) => {
    try {
      assert.ok(Object.isFrozen(loadConfig(env, MACHINE)));
    } catch (error) {
      assert.ok(error instanceof ConfigError, String(error));
      for (const problem of error.problems) assert.match(problem, /^[A-Z][A-Z_]+/);
    }
  }));
});
