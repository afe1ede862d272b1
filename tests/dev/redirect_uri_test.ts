import { assertErrorPage } from "./assert_error.ts";
import { authorize, readPage } from "./flow.ts";
import { devIssuer, REDIRECT_URI, register } from "./dev_issuer.ts";

Deno.test("a redirect URI must be a registered one, character by character (AS-14, ASA-01)", async () => {
  const issuer = await devIssuer();
  const registered = "https://app.example/callback?tenant=1";
  const { client_id } = await register(issuer, { redirect_uris: [registered, REDIRECT_URI] });
  await readPage(await authorize(issuer, client_id, { redirect_uri: registered }));
  for (
    const redirect_uri of [
      undefined,
      [REDIRECT_URI, REDIRECT_URI],
      `${registered}&extra=1`,
      `${registered}/`,
      "https://app.example/callback",
      "https://app.example/Callback?tenant=1",
      "https://APP.example/callback?tenant=1",
      "https://app.example:443/callback?tenant=1",
      "https://app.example/x/../callback?tenant=1",
      "https://app.example.evil.example/callback?tenant=1",
      "https://user@app.example/callback?tenant=1",
      "http://app.example/callback?tenant=1",
      `${registered}#fragment`,
    ]
  ) {
    await assertErrorPage(await authorize(issuer, client_id, { redirect_uri }));
  }
});

Deno.test("on loopback any port will do, and nothing else may differ (ASA-01)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer, {
    redirect_uris: [
      "http://127.0.0.1/callback",
      "http://localhost:6274/oauth/callback",
      "http://[::1]:1/callback",
    ],
  });
  for (
    const redirect_uri of [
      "http://127.0.0.1:50123/callback",
      "http://localhost/oauth/callback",
      "http://localhost:3000/oauth/callback",
      "http://[::1]:8080/callback",
    ]
  ) {
    await readPage(await authorize(issuer, client_id, { redirect_uri }));
  }
  for (
    const redirect_uri of [
      "http://localhost:3000/callback",
      "http://127.0.0.1:50123/callback/",
      "http://127.0.0.1:50123/callback?extra=1",
      "http://127.0.0.1:99999/callback",
      "http://127.0.0.2:50123/callback",
      "https://127.0.0.1:50123/callback",
      "http://127.0.0.1.evil.example/callback",
      "http://127.0.0.1:80@evil.example/callback",
    ]
  ) {
    await assertErrorPage(await authorize(issuer, client_id, { redirect_uri }));
  }
});
