import assert from "node:assert/strict";
import { maskBody, maskHeader, maskUrl } from "../../src/dev/playground/client/mask.ts";

const JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

Deno.test("no secret of OAuth survives in a header, a body or a URL", () => {
  const token = JSON.stringify({
    access_token: JWT,
    refresh_token: "r-secret",
    id_token: JWT,
    scope: "openid",
  });
  const form = "grant_type=authorization_code&code=c-secret&code_verifier=v-secret&client_id=app";
  const masked = [
    maskHeader("Authorization", `Bearer ${JWT}`),
    maskHeader("x-echo", `it was ${JWT}`),
    maskBody(token, "application/json"),
    maskBody(form, "application/x-www-form-urlencoded"),
    maskBody(`{"nested":[{"token":"n-secret"}],"said":"${JWT}"}`, "application/json"),
    maskUrl("http://localhost/callback?code=c-secret&state=s-secret&iss=http://localhost"),
  ].join("\n");
  assert.doesNotMatch(masked, /secret|eyJ/);
});

Deno.test("what is no secret can be read", () => {
  assert.equal(maskHeader("accept", "application/json"), "application/json");
  assert.match(maskHeader("authorization", "Bearer abc"), /^Bearer ‹hidden, 3 characters›$/);
  assert.equal(
    maskBody("grant_type=refresh_token&client_id=app", "application/x-www-form-urlencoded"),
    "grant_type=refresh_token\nclient_id=app",
  );
  assert.equal(
    maskBody('{"error":{"code":-32602}}', "application/json"),
    '{\n  "error": {\n    "code": -32602\n  }\n}',
  );
  assert.equal(maskUrl("http://localhost/mcp"), "http://localhost/mcp");
});
