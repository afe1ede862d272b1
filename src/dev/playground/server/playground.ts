import { Hono } from "@hono/hono";
import type { DevIssuer } from "../../issuer/issuer.ts";
import { script, source, style } from "../client.gen.ts";
import { PROMPTS } from "./prompts.ts";
import { sandboxFor, sandboxResponse } from "./sandbox.ts";
import { callbackResponse, shellResponse } from "./shell.ts";
import { createTrouble, outage } from "./outage.ts";
import { WidgetCsp } from "./widget_policy.ts";

/** What the playground is built around. */
export interface PlaygroundOptions {
  readonly issuer: DevIssuer;
  /** URL of the MCP endpoint; the playground lives on its origin. */
  readonly resource: string;
  /** Name of the app. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** What the page is told by the server. */
export interface PlaygroundConfig {
  readonly title: string;
  readonly resource: string;
  readonly prompts: readonly string[];
  /** Where widgets are shown. */
  readonly sandbox: string;
  /** Whether the sandbox has an origin of its own. */
  readonly separateSandbox: boolean;
  /** The authorization server was switched off. */
  readonly outage: boolean;
  readonly build: Build;
}

/** What an open page compares to notice that a save has started the server again. */
export interface Build {
  /** Another one for each start. */
  readonly start: string;
  /** Another one for each change of the page itself. */
  readonly page: string;
}

/**
 * The playground at `/playground`, with the issuer's routes behind it, which it can switch off. For development only:
 * whoever reaches it can make the authorization server misbehave.
 */
export function createPlayground(
  { issuer, resource, title, now = Date.now }: PlaygroundOptions,
): Hono {
  const page = new URL(resource).origin;
  const sandbox = sandboxFor(page);
  const sandboxHost = sandbox.separate ? new URL(sandbox.url).host : undefined;
  const build: Build = { start: crypto.randomUUID(), page: source };
  const app = new Hono();

  app.get("/playground", (c) => {
    // Under the sandbox's name the page would have nothing to keep widgets out of it.
    if (new URL(c.req.url).host === sandboxHost) return c.redirect(`${page}/playground`);
    return shellResponse({
      title,
      resource,
      prompts: PROMPTS,
      sandbox: sandbox.url,
      separateSandbox: sandbox.separate,
      outage: issuer.faults.discoveryDown,
      build,
    });
  });
  app.get("/playground/build", (c) => c.json(build, 200, { "cache-control": "no-store" }));
  app.get("/playground/app.js", (c) => c.body(script, 200, file("text/javascript")));
  app.get("/playground/app.css", (c) => c.body(style, 200, file("text/css")));
  app.get("/playground/callback", () => callbackResponse());
  app.get("/playground/sandbox", (c) => {
    if (sandboxHost !== undefined && new URL(c.req.url).host !== sandboxHost) return c.notFound();
    const csp = readCsp(c.req.query("csp") ?? "{}");
    if (csp) return sandboxResponse(page, sandbox, csp);
    return c.json({ error: "csp is not the JSON of a widget's _meta.ui.csp, a list of origins each." }, 400);
  });
  app.route("/playground/trouble", createTrouble({ issuer, page, now }));

  app.use(`${new URL(issuer.issuer).pathname}/*`, async (_, next) => outage(issuer) ?? await next());
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
