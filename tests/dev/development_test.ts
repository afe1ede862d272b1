import assert from "node:assert/strict";
import { getLogger } from "@logtape/logtape";
import { createDevelopment } from "../../src/dev/mod.ts";
import { answerSignIn } from "../answer_sign_in.ts";
import { CHALLENGE, encoded } from "./flow.ts";
import { REDIRECT_URI } from "./dev_issuer.ts";

const OPTIONS = {
  name: "sample",
  title: "Sample",
  scopes: { "notes:read": "See your notes" },
  database: undefined,
  playground: { prompts: [] },
  readFile: () => Promise.reject(new Error("There is no page here.")),
  log: getLogger(["mcp", "dev"]),
};

Deno.test("in public the printed passcode has 60 random bits and signs in; there is no playground (A17)", async () => {
  const origin = "https://sample.example";
  const create = () =>
    createDevelopment({ ...OPTIONS, issuer: `${origin}/auth`, resource: `${origin}/mcp`, isPublic: true });
  const { banner, issuer: { fetch }, playground } = await create();
  const passcode = /Passcode +(\S+)/.exec(banner)?.[1] ?? "";
  assert.match(passcode, /^([0-9a-hjkmnp-tv-z]{4}-){2}[0-9a-hjkmnp-tv-z]{4}$/);
  assert.ok(!(await create()).banner.includes(passcode));
  assert.equal(playground, undefined);

  const registration = await fetch(`${origin}/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: "none" }),
  });
  const query = encoded({
    response_type: "code",
    client_id: (await registration.json()).client_id,
    redirect_uri: REDIRECT_URI,
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
  });
  const url = new URL(`${origin}/auth/authorize?${query}`);
  await assert.rejects(answerSignIn(url, {}, fetch), /not the passcode/);
  assert.ok((await answerSignIn(url, { passcode }, fetch)).searchParams.get("code"));
});

Deno.test("on this machine there is a playground and no passcode", async () => {
  const origin = "http://localhost:8000";
  const { banner, playground } = await createDevelopment({
    ...OPTIONS,
    issuer: `${origin}/auth`,
    resource: `${origin}/mcp`,
    isPublic: false,
  });
  assert.doesNotMatch(banner, /Passcode/);
  assert.match(playground ?? "", new RegExp(`^${origin}/playground`));
});
