import assert from "node:assert/strict";
import type { Finding, Result } from "../../../src/dev/doctor/check.ts";
import { type DoctorDeps, runDoctor } from "../../../src/dev/doctor/doctor.ts";
import { createTestServer, NOW, RESOURCE } from "../../support.ts";
import notes from "../../notes_app.ts";

export { RESOURCE } from "../../support.ts";

/** Of the development authorization server. */
export const ISSUER = new URL("/auth", RESOURCE).href;

/** The server as it is without any configuration, its authorization server included. */
export async function defaultServer() {
  const { server } = await createTestServer({
    app: notes,
    issuers: [ISSUER],
    development: {
      ...{ accessTokenSeconds: 600, signingAlgorithm: "ES256", isPublic: false },
      advertiseClientDocuments: undefined,
    },
  });
  return server;
}

/** What the doctor prints in JSON. */
export interface JsonReport {
  readonly target: string;
  readonly counts: Readonly<Record<Finding["verdict"], number>>;
  readonly results: readonly Result[];
}

/** Runs the doctor as its command line does, and returns what it printed. */
export async function doctor(
  args: readonly string[],
  fetch: (request: Request) => Response | Promise<Response>,
  deps: Partial<DoctorDeps> = {},
): Promise<{ code: number; printed: string }> {
  const printed: string[] = [];
  const code = await runDoctor(args, {
    fetch: (input, init) => Promise.resolve(fetch(new Request(input, init))),
    now: () => NOW,
    print: (text) => printed.push(text),
    readToken: () => Promise.reject(new Error("No token was asked for.")),
    readConfig: () => assert.fail("The configuration was not asked for."),
    askDatabase: () => assert.fail("The database was not asked for."),
    ...deps,
  });
  return { code, printed: printed.join("\n") };
}

/** Runs the doctor with `--json`. */
export async function examineJson(
  args: readonly string[],
  ...rest: Parameters<typeof doctor> extends [unknown, ...infer Rest] ? Rest : never
): Promise<JsonReport & { readonly code: number }> {
  const { code, printed } = await doctor([...args, "--json"], ...rest);
  return { code, ...JSON.parse(printed) as JsonReport };
}
