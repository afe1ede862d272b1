import {
  bearerChallenge,
  ChallengeSyntaxError,
  parseChallenges,
  type ParsedChallenge,
  unfitForBearer,
} from "../challenge_grammar.ts";
import { type Check, type Finding, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";
import { listOf, objectOf, quote } from "../json.ts";
import type { Answer } from "../send.ts";
import type { Visit } from "../visit.ts";

const OPAQUE = "this-is-not-a-token";

/** The challenge in the header of an answer. @throws NotExamined when there is none that can be read. */
function challengeOf({ headers }: Answer): ParsedChallenge {
  try {
    const challenge = bearerChallenge(headers.get("www-authenticate") ?? "");
    if (challenge) return challenge;
  } catch (error) {
    if (!(error instanceof ChallengeSyntaxError)) throw error;
  }
  throw new NotExamined("There is no challenge that can be read.");
}

/** What became of a token that is worth nothing: 401 with invalid_token is the only right answer (AUTH-07). */
function judgeRefusal(what: string, { status, headers, result }: Answer): Finding {
  const seen = `${what} → ${status}`;
  if (status !== 401) {
    const served = result && result["isError"] !== true;
    return problem(
      served ? `${seen}, served` : seen,
      'Answer 401 with error="invalid_token" wherever a token is sent that does not verify: clients then refresh ' +
        "it or sign in again, and nobody is taken for a stranger in silence.",
    );
  }
  const challenge = headers.get("www-authenticate") ?? "";
  return /\berror="?invalid_token"?/.test(challenge)
    ? ok(seen)
    : warning(`${seen}, ${quote(challenge)}`, 'Add error="invalid_token": clients refresh on it.');
}

/** Who gets in, and what those are told who do not. */
export const access: readonly Check<Visit>[] = [
  {
    id: "access.challenge",
    title: "A protected call without a token",
    expected: "401 with a Bearer challenge in WWW-Authenticate",
    requirements: ["AUTH-08", "C1", "MIX-04"],
    async run({ refusal }) {
      const { status, headers, result } = await refusal();
      if (status === 401 && headers.has("www-authenticate")) return ok("401");
      if (status === 401) {
        return problem("401 without WWW-Authenticate", "Add the header: clients begin sign-in with it.");
      }
      if (result && result["isError"] !== true) {
        return problem(`${status}, served`, "The tool says that it needs sign-in: refuse the call without.");
      }
      return problem(
        String(status),
        "Answer 401: Claude, VS Code and the official clients begin sign-in with nothing else.",
      );
    },
  },
  {
    id: "access.grammar",
    title: "Grammar of the challenge",
    expected: 'Bearer name="value", name="value", each name once (RFC 9110, RFC 6750)',
    requirements: ["AUTH-15"],
    async run({ refusal }) {
      const header = (await refusal()).headers.get("www-authenticate");
      if (header === null) return unknown("There is no challenge.");
      const fix = "Put a comma between parameters, quote each value, and write each once.";
      try {
        const challenge = bearerChallenge(header);
        if (!challenge) {
          return problem(quote(header), "Offer the scheme Bearer.");
        }
        const unfit = unfitForBearer(challenge);
        return unfit ? problem(unfit, fix) : ok(Object.keys(challenge.params).join(", ") || "no parameters");
      } catch (error) {
        if (error instanceof ChallengeSyntaxError) return problem(error.message, fix);
        throw error;
      }
    },
  },
  {
    id: "access.no-error",
    title: "error when no token was sent",
    expected: "none: there was nothing that could be invalid",
    requirements: ["AUTH-09", "C2"],
    async run({ refusal }) {
      const { error } = challengeOf(await refusal()).params;
      return error === undefined ? ok("none") : warning(
        `error="${error}"`,
        "Leave error and error_description out when no token was sent (RFC 6750 section 3.1).",
      );
    },
  },
  {
    id: "access.resource-metadata",
    title: "resource_metadata of the challenge",
    expected: "an absolute URL whose document names this very resource",
    requirements: ["AUTH-10", "PRM-05"],
    async run({ refusal, send, url, origin, metadata }) {
      const { resource_metadata: named } = challengeOf(await refusal()).params;
      if (named === undefined) {
        return problem(
          "not named",
          'Add resource_metadata="…": clients find the authorization server by it.',
        );
      }
      if (!URL.canParse(named)) return problem(quote(named), "Write an absolute URL.");
      if (new URL(named).origin !== origin) {
        return problem(quote(named), `Name a URL of ${origin}; behind a proxy, configure the public URL.`);
      }
      const { insertedUrl, inserted } = await metadata();
      const { status, json } = named === insertedUrl ? inserted : await send(named);
      if (status !== 200) {
        return problem(`${named} → ${status}`, "Serve the metadata where the challenge says.");
      }
      const { resource } = objectOf(json);
      return resource === url
        ? ok(named)
        : problem(`${named} describes ${quote(resource)}`, `Let it describe ${quote(url)}, byte for byte.`);
    },
  },
  {
    id: "access.scope",
    title: "scope of the challenge",
    expected: "what the call needs, without offline_access",
    requirements: ["AUTH-11", "AUTH-12"],
    async run({ refusal }) {
      const { scope } = challengeOf(await refusal()).params;
      if (scope === undefined) {
        return warning(
          "none",
          "Name the scopes that the call needs: many clients ask for these and no others.",
        );
      }
      if (scope.split(" ").includes("offline_access")) {
        return warning(quote(scope), "Leave offline_access out: whether to refresh is the client's affair.");
      }
      return ok(quote(scope));
    },
  },
  {
    id: "access.chatgpt",
    title: "The same call by ChatGPT",
    expected: "a tool result with isError and mcp/www_authenticate, which has error and error_description",
    requirements: ["OAI-05", "OAI-06", "C1"],
    async run({ ask, protectedTool }) {
      const name = await protectedTool();
      const { status, result } = await ask("tools/call", { name, arguments: {} }, {
        headers: { "user-agent": "openai-mcp/1.0.0" },
        meta: { "openai/userAgent": "ChatGPT" },
      });
      const hints = listOf([objectOf(result?.["_meta"])["mcp/www_authenticate"]].flat());
      if (!result || hints.length === 0 || hints[0] === undefined) {
        return problem(
          `${status} without mcp/www_authenticate`,
          'Add _meta["mcp/www_authenticate"] to a result with isError: ChatGPT shows sign-in from that.',
        );
      }
      if (result["isError"] !== true) return problem("isError is not true", "Set isError: true.");
      const findings = hints.flatMap((hint) => judgeHint(hint));
      if (status !== 200) {
        findings.push(
          warning(`status ${status}`, "ChatGPT is not known to read the body of a 401: answer it 200."),
        );
      }
      return findings.length > 0 ? findings : ok("200 with a hint");
    },
  },
  {
    id: "access.garbage-list",
    title: "A worthless token on open methods",
    expected: '401 with error="invalid_token"',
    requirements: ["AUTH-07", "AUTH-20", "C3"],
    async run({ hasSignIn, ask, openTool }) {
      await hasSignIn();
      const findings = [judgeRefusal("tools/list", await ask("tools/list", {}, { token: OPAQUE }))];
      try {
        const name = await openTool();
        const answer = await ask("tools/call", { name, arguments: {} }, { token: OPAQUE });
        findings.push(judgeRefusal(name, answer));
      } catch (error) {
        if (!(error instanceof NotExamined)) throw error;
      }
      return findings;
    },
  },
  {
    id: "access.garbage-protected",
    title: "Worthless tokens on a protected tool",
    expected: '401 with error="invalid_token"',
    requirements: ["AUTH-01", "AUTH-05", "AUTH-07"],
    async run({ hasSignIn, ask, url, issuers, now, protectedTool, refusal }) {
      await hasSignIn();
      const [iss = "https://issuer.example"] = await issuers();
      const tokens = { opaque: OPAQUE, unsigned: unsignedToken({ iss, aud: url, now: now() }) };
      // A server that is closed as a whole says nothing of its tools.
      const closed = (await refusal()).status === 401 && !await protectedTool().catch(() => undefined);
      const params = closed ? {} : { name: await protectedTool(), arguments: {} };
      const findings = [];
      for (const [kind, token] of Object.entries(tokens)) {
        const answer = await ask(closed ? "tools/list" : "tools/call", params, { token });
        findings.push(judgeRefusal(`an ${kind} token`, answer));
      }
      return findings;
    },
  },
  {
    id: "access.scheme-case",
    title: "bearer in small letters",
    expected: "the same as Bearer: schemes compare in any case",
    requirements: ["AUTH-17"],
    async run({ hasSignIn, ask }) {
      await hasSignIn();
      const headers = { authorization: `bearer ${OPAQUE}` };
      const [{ status: small }, { status: usual }] = [
        await ask("tools/list", {}, { headers }),
        await ask("tools/list", {}, { token: OPAQUE }),
      ];
      return small === usual ? ok(String(small)) : warning(
        `${small} instead of ${usual}`,
        "Compare the scheme without regard to case (RFC 9110 section 11.1).",
      );
    },
  },
  {
    id: "access.batch",
    title: "A protected call inside a batch, without a token",
    expected: "refused",
    requirements: ["AUTH-23"],
    async run({ protectedTool, post }) {
      const name = await protectedTool();
      const body = [
        { jsonrpc: "2.0", id: 1, method: "ping" },
        { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name, arguments: {} } },
      ];
      const { status, messages } = await post(JSON.stringify(body), {
        "mcp-protocol-version": "2025-03-26",
      }, body.length);
      const answer = objectOf(messages.find(({ id }) => id === 2)?.["result"]);
      const served = "content" in answer && answer["isError"] !== true;
      return served
        ? problem(
          `${status}, served`,
          "Apply the access policy to every message of a batch, or refuse batches.",
        )
        : ok(String(status));
    },
  },
];

function judgeHint(hint: unknown): Finding[] {
  const fix = 'Write Bearer error="invalid_token", error_description="…", resource_metadata="…"';
  if (typeof hint !== "string") return [problem(quote(hint), "Write each challenge as a string.")];
  try {
    const [challenge] = parseChallenges(hint);
    if (!challenge || challenge.scheme !== "Bearer") return [problem(quote(hint), fix)];
    const missing = ["error", "error_description", "resource_metadata"].filter((name) =>
      challenge.params[name] === undefined
    );
    return missing.length === 0 ? [] : [problem(`without ${missing.join(", ")}`, fix)];
  } catch (error) {
    if (error instanceof ChallengeSyntaxError) return [problem(error.message, fix)];
    throw error;
  }
}

/** A token that says all the right things and that nobody has signed (RFC 8725 section 2.1). */
function unsignedToken({ iss, aud, now }: { iss: string; aud: string; now: number }): string {
  const seconds = Math.floor(now / 1000);
  const parts = [
    { alg: "none", typ: "at+jwt" },
    { iss, aud, sub: "mcp-doctor", iat: seconds, exp: seconds + 300, scope: "" },
  ];
  return `${parts.map((part) => btoa(JSON.stringify(part)).replaceAll("=", "")).join(".")}.`;
}
