import { type Check, ok, problem, unknown, warning } from "../check.ts";
import { NotExamined } from "../errors.ts";
import { type JsonObject, listOf, quote, stringsOf } from "../json.ts";
import { mayVisit, type Visit } from "../visit.ts";

/** @throws NotExamined when there is no metadata at all. */
async function documentOf({ metadata }: Visit): Promise<JsonObject> {
  const { document } = await metadata();
  if (!document) throw new NotExamined("There is no metadata.");
  return document;
}

/** The document of RFC 9728. */
export const metadata: readonly Check<Visit>[] = [
  {
    id: "metadata.inserted",
    title: "Protected resource metadata",
    expected: "200 and JSON at the well-known path that is inserted before the endpoint's, without a token",
    requirements: ["PRM-01", "PRM-03", "PRM-06"],
    async run({ metadata, hasSignIn }) {
      const { insertedUrl, inserted: { status, headers, json }, root } = await metadata();
      if (status !== 200) {
        await hasSignIn();
        const seen = `${insertedUrl} → ${status}${root.status === 200 ? ", only at the root" : ""}`;
        return problem(seen, `Serve it at ${insertedUrl}: clients that follow RFC 9728 look there first.`);
      }
      const type = headers.get("content-type") ?? "none";
      if (json === undefined) return problem(`${type}, not JSON`, "Serve the document of RFC 9728.");
      return type.startsWith("application/json")
        ? ok(insertedUrl)
        : problem(type, "Serve it as application/json.");
    },
  },
  {
    id: "metadata.root",
    title: "The same document at the root",
    expected: "200 with the same content, for clients that look there",
    requirements: ["PRM-04", "C4"],
    async run(visit) {
      await documentOf(visit);
      const { inserted, root } = await visit.metadata();
      if (root.status !== 200) {
        return warning(String(root.status), "Serve it at /.well-known/oauth-protected-resource as well.");
      }
      if (inserted.status !== 200) return unknown("It is only at the root.");
      return JSON.stringify(root.json) === JSON.stringify(inserted.json)
        ? ok("the same")
        : problem("another document", "Serve one document: clients take whichever they find first.");
    },
  },
  {
    id: "metadata.resource",
    title: "resource",
    expected: "the URL of the endpoint, byte for byte",
    requirements: ["PRM-05", "PRM-08", "OAI-03"],
    async run(visit) {
      const { resource } = await documentOf(visit);
      if (resource === visit.url) return ok(quote(resource));
      const slash = typeof resource === "string" &&
        resource.replace(/\/$/, "") === visit.url.replace(/\/$/, "");
      return problem(
        `${quote(resource)}${slash ? ": only a slash differs" : ""}`,
        `Write ${
          quote(visit.url)
        }, or give people the other URL: clients compare the strings, and ask for tokens ` +
          "for the one that stands here.",
      );
    },
  },
  {
    id: "metadata.servers",
    title: "authorization_servers",
    expected: "at least one issuer that clients can reach",
    requirements: ["PRM-02", "PRM-12"],
    async run(visit) {
      const { authorization_servers: named } = await documentOf(visit);
      const servers = stringsOf(named);
      if (servers.length === 0) return problem(quote(named), "Name the issuer of your tokens.");
      const { hostname } = new URL(visit.url);
      const unfit = servers.filter((server) => !mayVisit(server, hostname));
      if (unfit.length > 0) return problem(quote(unfit), "Name issuers by https URLs of the internet.");
      return ok(servers.join(", ") + (servers.length > 1 ? " (Claude takes the first only)" : ""));
    },
  },
  {
    id: "metadata.empty",
    title: "Members without a value",
    expected: "left out: no [] and no null",
    requirements: ["PRM-07"],
    async run(visit) {
      const empty = Object.entries(await documentOf(visit))
        .filter(([, value]) => value === null || (Array.isArray(value) && value.length === 0))
        .map(([name]) => name);
      return empty.length === 0
        ? ok("none")
        : problem(empty.join(", "), "Leave them out (RFC 9728 section 3.2).");
    },
  },
  {
    id: "metadata.scopes",
    title: "scopes_supported",
    expected: "the scopes of the tools, without offline_access and wildcards",
    requirements: ["PRM-09", "AUTH-12"],
    async run(visit) {
      const { scopes_supported: scopes } = await documentOf(visit);
      if (scopes === undefined) return ok("none");
      const unfit = listOf(scopes).filter((scope) =>
        typeof scope !== "string" || scope === "offline_access" || scope.includes("*")
      );
      if (unfit.length > 0) {
        return warning(quote(unfit), "Name what the tools need and no more: some clients ask for all of it.");
      }
      return ok(stringsOf(scopes).join(" "));
    },
  },
  {
    id: "metadata.cors",
    title: "Metadata in browsers",
    expected: "readable from every origin",
    requirements: ["PRM-11"],
    async run(visit) {
      await documentOf(visit);
      const { insertedUrl, inserted } = await visit.metadata();
      const url = inserted.status === 200
        ? insertedUrl
        : `${visit.origin}/.well-known/oauth-protected-resource`;
      const { headers, status } = await visit.send(url, { headers: { origin: "https://inspector.example" } });
      return headers.get("access-control-allow-origin") === "*" ? ok("*") : warning(
        `${status}, Access-Control-Allow-Origin: ${headers.get("access-control-allow-origin") ?? "none"}`,
        "Allow every origin: the document is public, and clients in browsers read it.",
      );
    },
  },
  {
    id: "metadata.no-server",
    title: "Authorization server metadata at the bare origin",
    expected: "none, unless the origin is the issuer itself",
    requirements: ["MIX-07"],
    async run({ send, origin, issuers, metadata }) {
      const { status, json } = await send(`${origin}/.well-known/oauth-authorization-server`);
      if (status !== 200 || json === undefined) return ok(String(status));
      const own = (await issuers()).some((issuer) => issuer.replace(/\/$/, "") === origin);
      if (own) return ok("the issuer's own");
      const { document } = await metadata();
      return warning(
        "there is one",
        document
          ? "Name it in the resource's metadata, or take it away: some hosts take its presence for closed doors."
          : "Serve protected resource metadata (RFC 9728): clients since 2025-06-18 look for that.",
      );
    },
  },
];
