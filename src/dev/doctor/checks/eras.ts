import { type Check, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";
import { isObject, objectOf, quote, stringsOf } from "../json.ts";
import { LEGACY_VERSION, MODERN_VERSION, type Visit } from "../visit.ts";

/** @throws NotExamined unless the server answers in the newer era. */
async function inModern({ discovery }: Visit): Promise<void> {
  if (!(await discovery()).result) throw new NotExamined(`The server does not speak ${MODERN_VERSION}.`);
}

/** @throws NotExamined unless the server answers `initialize`. */
async function inLegacy({ opening }: Visit): Promise<void> {
  if (!(await opening()).answer.result) throw new NotExamined("The server does not answer initialize.");
}

/** Both eras of the protocol: `initialize`, and stateless since 2026-07-28. */
export const eras: readonly Check<Visit>[] = [
  {
    id: "eras.initialize",
    title: `initialize (${LEGACY_VERSION})`,
    expected: "protocolVersion, capabilities and serverInfo, without a token",
    requirements: ["BASE-11", "BASE-12", "MIX-01"],
    async run({ opening, discovery }) {
      const { status, result } = (await opening()).answer;
      if (!result) {
        if (status === 401) {
          return warning(
            "401",
            "Fine for a server that is closed as a whole. With open tools, let initialize and lists through: " +
              "ChatGPT looks at them before anybody signs in.",
          );
        }
        const modern = (await discovery()).result !== undefined;
        const fix = "Answer initialize: ChatGPT, Claude and most clients of today begin with it.";
        return modern ? warning(String(status), fix) : problem(String(status), fix);
      }
      const missing = ["protocolVersion", "capabilities", "serverInfo"].filter((name) => !(name in result));
      if (missing.length > 0) return problem(`without ${missing.join(", ")}`, "Add what is missing.");
      const version = String(result["protocolVersion"]);
      if (version === LEGACY_VERSION) return ok(version);
      return warning(version, `Answer ${LEGACY_VERSION}, which the client offered.`);
    },
  },
  {
    id: "eras.initialize-unknown",
    title: "initialize with a revision that does not exist",
    expected: "a result with a revision that the server speaks",
    requirements: ["BASE-11"],
    async run(visit) {
      await inLegacy(visit);
      const { result, status, headers } = await visit.legacy("initialize", { protocolVersion: "2099-01-01" });
      const session = headers.get("mcp-session-id");
      if (session !== null) {
        await visit.send(visit.url, { method: "DELETE", headers: { "mcp-session-id": session } });
      }
      const version = result?.["protocolVersion"];
      const fix = "Answer with the newest revision that the server speaks, and let the client decide.";
      if (!result) return problem(String(status), fix);
      return version === "2099-01-01" ? problem("2099-01-01, as asked", fix) : ok(quote(version));
    },
  },
  {
    id: "eras.version-header",
    title: "MCP-Protocol-Version: 1999-01-01",
    expected: "400",
    requirements: ["TRN-22"],
    async run(visit) {
      await inLegacy(visit);
      const headers = { "mcp-protocol-version": "1999-01-01" };
      const { status } = await visit.legacy("tools/list", {}, { headers });
      return status === 400
        ? ok("400")
        : problem(String(status), "Refuse a revision that the server does not speak with 400.");
    },
  },
  {
    id: "eras.legacy-unknown-method",
    title: `A method that does not exist (${LEGACY_VERSION})`,
    expected: "the JSON-RPC error -32601",
    requirements: ["BASE-08"],
    async run(visit) {
      await inLegacy(visit);
      const { status, error } = await visit.legacy("no/such-method");
      if (status >= 500) {
        return problem(String(status), "An unknown method is the caller's mistake: not 5xx.");
      }
      if (status === 401) return unknown("401");
      return error?.["code"] === -32601
        ? ok("-32601")
        : problem(`${status} ${quote(error?.["code"])}`, "Answer with the error -32601.");
    },
  },
  {
    id: "eras.discover",
    title: `server/discover (${MODERN_VERSION})`,
    expected: "supportedVersions, capabilities, ttlMs and cacheScope, without a token",
    requirements: ["BASE-05", "CACHE-01", "MIX-01"],
    async run({ discovery, opening }) {
      const { status, result } = await discovery();
      if (!result) {
        const legacy = (await opening()).answer.result !== undefined;
        return legacy
          ? warning(
            `${status}: only the era of initialize`,
            `Serve ${MODERN_VERSION} too; clients fall back.`,
          )
          : warning(
            String(status),
            "Let server/discover through: a 401 keeps clients from finding out the era.",
          );
      }
      const missing = ["supportedVersions", "capabilities", "ttlMs", "cacheScope"].filter((name) =>
        !(name in result)
      );
      if (missing.length > 0) return problem(`without ${missing.join(", ")}`, "Add what is missing.");
      return ok(stringsOf(result["supportedVersions"]).join(", "));
    },
  },
  {
    id: "eras.modern-header",
    title: "A header that differs from the body's revision",
    expected: "400 with the JSON-RPC error -32020",
    requirements: ["TRN-13"],
    async run(visit) {
      await inModern(visit);
      const headers = { "mcp-protocol-version": LEGACY_VERSION };
      const { status, error } = await visit.modern("tools/list", {}, { headers });
      return status === 400 && error?.["code"] === -32020
        ? ok("400, -32020")
        : problem(`${status} ${quote(error?.["code"])}`, "Compare MCP-Protocol-Version with the body.");
    },
  },
  {
    id: "eras.modern-name",
    title: "Mcp-Name that differs from the tool of the body",
    expected: "400 with the JSON-RPC error -32020",
    requirements: ["TRN-16", "TRN-19"],
    async run(visit) {
      await inModern(visit);
      const headers = { "mcp-name": "another_tool" };
      const { status, error } = await visit.modern("tools/call", { name: "no_such_tool" }, { headers });
      return status === 400 && error?.["code"] === -32020
        ? ok("400, -32020")
        : problem(`${status} ${quote(error?.["code"])}`, "Compare Mcp-Method and Mcp-Name with the body.");
    },
  },
  {
    id: "eras.modern-version",
    title: "A revision that does not exist, in the newer era",
    expected: "400 with -32022, and data that names supported and requested",
    requirements: ["TRN-14"],
    async run(visit) {
      await inModern(visit);
      const version = "1900-01-01";
      const { status, error } = await visit.modern("tools/list", {}, {
        headers: { "mcp-protocol-version": version },
        meta: { "io.modelcontextprotocol/protocolVersion": version },
      });
      const data = objectOf(error?.["data"]);
      if (status !== 400 || error?.["code"] !== -32022) {
        return problem(`${status} ${quote(error?.["code"])}`, "Answer 400 with the error -32022.");
      }
      const missing = ["supported", "requested"].filter((name) => !(name in data));
      return missing.length === 0 ? ok("400, -32022") : problem(
        `without data.${missing.join(", data.")}`,
        "Say which revisions are supported, and which was requested.",
      );
    },
  },
  {
    id: "eras.modern-unknown-method",
    title: `A method that does not exist (${MODERN_VERSION})`,
    expected: "404 with the JSON-RPC error -32601",
    requirements: ["TRN-15"],
    async run(visit) {
      await inModern(visit);
      const { status, error } = await visit.modern("no/such-method");
      if (status === 404 && error?.["code"] === -32601) return ok("404, -32601");
      return problem(`${status} ${quote(error?.["code"])}`, "Answer 404 with the error -32601.");
    },
  },
  {
    id: "eras.apart",
    title: "The two eras side by side",
    expected: "the same tools; resultType and ttlMs in the newer era only",
    requirements: ["BASE-03", "BASE-14", "CACHE-02", "TOOL-02"],
    async run(visit) {
      await inLegacy(visit);
      await inModern(visit);
      const [older, newer] = [await visit.legacy("tools/list"), await visit.modern("tools/list")];
      if (!older.result || !newer.result) return unknown("The tools cannot be listed in both.");
      const leaked = ["resultType", "ttlMs", "cacheScope"].filter((name) => name in older.result!);
      if (leaked.length > 0) {
        return problem(`${leaked.join(", ")} in ${LEGACY_VERSION}`, "Leave them out of the older era.");
      }
      const missing = ["resultType", "ttlMs", "cacheScope"].filter((name) => !(name in newer.result!));
      if (missing.length > 0) {
        return problem(
          `no ${missing.join(", ")} in ${MODERN_VERSION}`,
          "Every list of the newer era has them.",
        );
      }
      const [first, second] = [older, newer].map(({ result }) => names(result?.["tools"]));
      return first === second ? ok("alike") : warning(
        `${first} and ${second}`,
        "Offer the same tools in both eras: people see one server.",
      );
    },
  },
];

function names(tools: unknown): string {
  return Array.isArray(tools) ? tools.filter(isObject).map(({ name }) => String(name)).sort().join(" ") : "";
}
