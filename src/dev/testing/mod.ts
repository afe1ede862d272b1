/**
 * A server for an app's own tests: in this process, without network, permission or account.
 *
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { assemble } from "../../assemble.ts";
import { loadConfig } from "../../config/config.ts";
import type { DevIssuer, TestAccessToken } from "../issuer/issuer.ts";
import type { AppDefinition } from "../../mcp/app.ts";

/** What a test may bring. */
export interface TestServerOptions {
  /** Environment variables, the app's and the core's. Data is kept in memory unless SQLITE_PATH says otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Answers what the app fetches. */
  readonly fetch?: typeof globalThis.fetch;
}

/** The answer to a `tools/call`. */
export interface ToolAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Without members when the answer is an error of the protocol. */
  readonly result: {
    readonly content?: readonly { readonly type: string; readonly text?: string }[];
    readonly structuredContent?: Readonly<Record<string, unknown>>;
    readonly isError?: boolean;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
}

/** A server with the development authorization server as its issuer. */
export interface TestServer extends AsyncDisposable {
  /** URL of the MCP endpoint. */
  readonly resource: string;
  /** Who signs the tokens; `issuer.faults` makes it misbehave. */
  readonly issuer: DevIssuer;
  /** Answers any request to the server, the app's own routes included. */
  fetch(request: Request): Promise<Response>;
  /** An access token of a person of one's choice, with every scope unless it is said otherwise. */
  accessToken(options?: TestAccessToken): Promise<string>;
  /** Calls a tool as a client of the 2025-11-25 revision does. */
  callTool(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    options?: { readonly token?: string },
  ): Promise<ToolAnswer>;
}

/**
 * Puts a server for tests together, as `main.ts` does without configuration. Dispose of it at the end of the test:
 * `await using server = await createTestServer(app)`.
 *
 * @throws ConfigError when `env` does not fit.
 */
export async function createTestServer(
  app: AppDefinition,
  { env = {}, ...deps }: TestServerOptions = {},
): Promise<TestServer> {
  const machine = { isTerminal: false };
  const config = loadConfig({ SQLITE_PATH: ":memory:", ...env }, machine, app.env);
  const server = await assemble(config, app, { ...deps, log: getLogger(["mcp"]) });
  const issuer = server.development?.issuer;
  if (!issuer) {
    throw new Error("Cannot test with AUTHORIZATION_SERVER_URL set: tokens come from the development one.");
  }
  const { resource } = config;
  return {
    resource,
    issuer,
    fetch: async (request) => await server.fetch(request),
    accessToken: (options) => issuer.accessToken(options),
    async callTool(name, args = {}, { token } = {}) {
      const response = await server.fetch(
        new Request(resource, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify({
            jsonrpc: "2.0",
            id: 1,
            method: "tools/call",
            params: { name, arguments: args },
          }),
        }),
      );
      const { result = {} } = await response.json() as { result?: ToolAnswer["result"] };
      return { status: response.status, headers: response.headers, result };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
