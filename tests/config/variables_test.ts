import assert from "node:assert/strict";
import sample from "../../src/app/mod.ts";
import { variableNames } from "../../src/config/environment.ts";

const root = new URL("../../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** What `main.ts` asks about the machine, and the variables of the Postgres driver. */
const OF_THE_MACHINE = ["DENO_DEPLOY", "DENO_DEPLOYMENT_ID", "PG*"];

Deno.test(
  { name: "deno.json lets the server read every variable, the app's included, and no other", ignore },
  async () => {
    const { permissions } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    const expected = [...variableNames(sample.env), ...OF_THE_MACHINE];
    assert.deepEqual(permissions.serve.env.toSorted(), expected.toSorted());
  },
);

Deno.test(
  { name: ".env.example shows every variable once, the app's included, and no other", ignore },
  async () => {
    const text = await Deno.readTextFile(new URL(".env.example", root));
    const shown = [...text.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    assert.deepEqual(shown.toSorted(), variableNames(sample.env).toSorted());
  },
);
