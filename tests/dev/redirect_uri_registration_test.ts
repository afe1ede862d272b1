import { assertError } from "./assert_error.ts";
import { devIssuer, register, sendRegistration } from "./dev_issuer.ts";

Deno.test("redirect URIs are https, loopback, or an app's own scheme, and nothing a browser would run (ASA-02)", async () => {
  const issuer = await devIssuer();
  for (
    const uri of [
      "https://app.example/callback",
      "http://localhost:6274/callback",
      "http://127.0.0.1/callback",
      "http://[::1]:1234/callback",
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "com.example.app:/callback",
    ]
  ) {
    await register(issuer, { redirect_uris: [uri] });
  }
  for (
    const uri of [
      "http://app.example/callback",
      "http://192.168.1.10/callback",
      "http://localhost.evil.example/callback",
      "https://app.example/callback#fragment",
      "https://app.example/#",
      "https://user:secret@app.example/callback",
      "https://*.example/callback",
      "https://app.example;script-src/callback",
      "https://app.example/call back",
      "https://app.example/\tcallback",
      "https:\\\\app.example\\callback",
      "https://app.example/rückruf",
      "https://app.example/→",
      "https://app.example/\ud800",
      "javascript:alert(1)",
      "JavaScript:alert(1)",
      " javascript:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,hi",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:https://app.example/1",
      "about:blank",
      "ws://localhost/",
      "/callback",
      "callback",
      "",
      `https://app.example/${"x".repeat(2048)}`,
    ]
  ) {
    const metadata = { redirect_uris: [uri], token_endpoint_auth_method: "none" };
    await assertError(await sendRegistration(issuer, JSON.stringify(metadata)), "invalid_redirect_uri");
  }
});
