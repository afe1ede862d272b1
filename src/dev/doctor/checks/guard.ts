import { isLoopback } from "../../../net/loopback.ts";
import { type Check, ok, problem, unknown, warning } from "../check.ts";
import type { Visit } from "../visit.ts";

const EVIL = "https://evil.example";
/** What browsers must be allowed to send (TRN-25). */
const HEADERS = ["authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"];

/** What keeps web pages and forged names away, and lets the right ones in. */
export const guard: readonly Check<Visit>[] = [
  {
    id: "guard.host",
    title: "A foreign Host",
    expected: "refused, so that a rebound DNS name reaches nothing",
    requirements: ["TRN-04"],
    async run({ ask, url }) {
      const { status, result } = await ask("tools/list", {}, { headers: { host: "evil.example" } });
      if (!result && status >= 400) return ok(String(status));
      const fix = "Compare Host with the names of the server, and refuse others with 403.";
      // Names of machines on the internet cannot be rebound to reach anything private.
      return isLoopback(new URL(url).hostname) ? problem(String(status), fix) : warning(String(status), fix);
    },
  },
  {
    id: "guard.origin",
    title: "Foreign origins",
    expected: "403, for null too",
    requirements: ["TRN-02", "C8"],
    async run({ ask }) {
      const findings = [];
      for (const origin of [EVIL, "null"]) {
        const { status, result } = await ask("tools/list", {}, { headers: { origin } });
        const seen = `Origin: ${origin} → ${status}`;
        const fix = "Compare Origin with a list of those that may, and refuse others with 403 (MCP: MUST).";
        if (result) findings.push(problem(seen, fix));
        else if (status !== 403) findings.push(warning(seen, fix));
      }
      return findings.length > 0 ? findings : ok("403");
    },
  },
  {
    id: "guard.preflight",
    title: "Preflight of the server's own origin",
    expected: `allowed without a token, with ${HEADERS.join(", ")}`,
    requirements: ["TRN-25"],
    async run({ send, url, origin }) {
      const { status, headers } = await send(url, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": HEADERS.join(","),
        },
      });
      const fix =
        "Answer OPTIONS before asking for a token; clients in browsers, such as the Inspector, need it.";
      if (status >= 400) return warning(String(status), fix);
      const allowed = (headers.get("access-control-allow-headers") ?? "").toLowerCase();
      if (!headers.has("access-control-allow-origin")) return warning(`${status} without permission`, fix);
      // A wildcard never covers Authorization.
      const missing = HEADERS.filter((name) =>
        !allowed.includes(name) && !(allowed === "*" && name !== "authorization")
      );
      if (missing.length > 0) {
        return warning(`not allowed: ${missing.join(", ")}`, "Allow these headers too.");
      }
      if (headers.get("access-control-allow-credentials") === "true") {
        return warning("credentials allowed", "Tokens travel in a header: no cookies need to be allowed.");
      }
      return ok(String(status));
    },
  },
  {
    id: "guard.expose",
    title: "Challenge readable in browsers",
    expected: "Access-Control-Expose-Headers names WWW-Authenticate",
    requirements: ["TRN-25"],
    async run({ hasSignIn, ask, origin }) {
      await hasSignIn();
      const { status, headers } = await ask("tools/list", {}, { token: "garbage", headers: { origin } });
      if (!headers.has("access-control-allow-origin")) {
        return unknown("The server's own origin is not among those that may read answers.");
      }
      const exposed = (headers.get("access-control-expose-headers") ?? "").toLowerCase();
      if (exposed.includes("www-authenticate")) return ok(exposed);
      return warning(
        `${status}, exposes ${exposed || "nothing"}`,
        "Expose WWW-Authenticate: clients in browsers cannot begin sign-in without.",
      );
    },
  },
  {
    id: "guard.forwarded",
    title: "A forged X-Forwarded-Host",
    expected: "no URL of the server changes",
    requirements: ["AUTH-30"],
    async run({ metadata, send, ask }) {
      const forged = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" };
      const { insertedUrl, root, inserted } = await metadata();
      const url = inserted.status === 200
        ? insertedUrl
        : new URL("/.well-known/oauth-protected-resource", insertedUrl);
      const answers = [
        ...(inserted.status === 200 || root.status === 200
          ? [await send(String(url), { headers: forged })]
          : []),
        await ask("tools/list", {}, { headers: forged, token: "garbage" }),
      ];
      const told = answers.some(({ text, headers }) =>
        text.includes("evil.example") || (headers.get("www-authenticate") ?? "").includes("evil.example")
      );
      if (!told) return ok("none");
      return problem(
        "https://evil.example turns up in what the server says of itself",
        "Take every URL from the configuration, never from a header of the request.",
      );
    },
  },
];
