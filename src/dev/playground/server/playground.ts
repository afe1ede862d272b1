import { Hono } from "@hono/hono";
import type { DevIssuer } from "../../issuer/issuer.ts";
import type { ClientFiles } from "./client_files.ts";
import { createFaultRoutes, outageResponse } from "./faults.ts";
import { sandboxFor, sandboxResponse } from "./sandbox.ts";
import { type Build, callbackResponse, iconUrl, notBuiltResponse, shellResponse } from "./shell.ts";
import { WidgetCsp } from "./widget_policy.ts";

/** What an app brings to the playground. */
export interface PlaygroundContent {
  /** Offered as buttons; what the person says by pressing one. */
  readonly prompts: readonly string[];
  /** An SVG document; without one the page has a mark of its own. */
  readonly icon?: string;
}

/** What the playground is built around. */
export interface PlaygroundOptions extends PlaygroundContent {
  readonly issuer: DevIssuer;
  /** The built page; without it the playground says how to build it. */
  readonly client: ClientFiles | undefined;
  /** URL of the MCP endpoint; the playground lives on its origin. */
  readonly resource: string;
  /** Name of the app. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * The playground at `/playground`, and the issuer's routes, which it can switch off. For development only:
 * whoever reaches it can make the authorization server misbehave.
 */
export function createPlayground(
  { issuer, client, resource, title, prompts, icon, now = Date.now }: PlaygroundOptions,
): Hono {
  const page = new URL(resource).origin;
  const sandbox = sandboxFor(page);
  const sandboxHost = sandbox.separate ? new URL(sandbox.url).host : undefined;
  const build: Build = { start: crypto.randomUUID(), page: client?.source ?? "" };
  const app = new Hono();

  app.get("/playground", (c) => {
    // On the sandbox's own origin the page would be open to the widgets in it.
    if (new URL(c.req.url).host === sandboxHost) return c.redirect(`${page}/playground`);
    if (!client) return notBuiltResponse();
    return shellResponse({
      title,
      resource,
      prompts,
      icon: iconUrl(icon),
      sandbox: sandbox.url,
      separateSandbox: sandbox.separate,
      outage: issuer.faults.discoveryDown,
      build,
    });
  });
  app.get("/playground/build", (c) => c.json(build, 200, { "cache-control": "no-store" }));
  if (client) {
    app.get("/playground/app.js", (c) => c.body(client.script, 200, file("text/javascript")));
    app.get("/playground/app.css", (c) => c.body(client.style, 200, file("text/css")));
  }
  app.get("/playground/callback", () => callbackResponse());
  app.get("/playground/sandbox", (c) => {
    if (sandboxHost !== undefined && new URL(c.req.url).host !== sandboxHost) return c.notFound();
    const csp = readCsp(c.req.query("csp") ?? "{}");
    if (csp) return sandboxResponse(page, sandbox, csp);
    return c.json({ error: "csp is not the JSON of a widget's _meta.ui.csp, a list of origins each." }, 400);
  });
  app.route("/playground/faults", createFaultRoutes({ issuer, page, now }));

  app.use(`${new URL(issuer.issuer).pathname}/*`, async (_, next) => outageResponse(issuer) ?? await next());
  app.route("/", issuer.app);
  return app;
}

function file(type: string): Record<string, string> {
  return {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

function readCsp(json: string): WidgetCsp | undefined {
  try {
    return WidgetCsp.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
