/** Real Chromium for tests: an installed one, or else the build that npm carries. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { UNLOCKED, UNLOCKED_FLAGS } from "./unlocked.ts";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** Whether this run may start a browser; ignore tests that need one otherwise, so that nobody is prompted. */
export const chromiumAvailable: boolean = await everythingGranted();

/** Starts headless Chromium: `CHROMIUM_PATH`, else an installed one, else the npm build. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  const path = Deno.env.get("CHROMIUM_PATH") ?? installed.find(exists);
  return chromium.launch({ ...path ? { executablePath: path } : await npmChromium(), args: flags });
}

/** The npm build, unpacked once in a folder of its own, with the libraries and fonts that a bare machine lacks. */
async function npmChromium() {
  const folder = join(tmpdir(), "chromium-for-tests");
  await Deno.mkdir(folder, { recursive: true });
  const code = `import chromium from "${UNLOCKED.chromium}"; console.log(await chromium.executablePath());`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", ...UNLOCKED_FLAGS, code],
    // The package unpacks its libraries only where it believes to be on AWS.
    env: { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
    stderr: "inherit",
  }).output();
  const libraries = {
    LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
    FONTCONFIG_PATH: join(folder, "fonts"),
  };
  return {
    executablePath: new TextDecoder().decode(stdout).trim(),
    env: { ...Deno.env.toObject(), ...libraries },
  };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function everythingGranted(): Promise<boolean> {
  const names = ["run", "read", "write", "net", "env", "sys", "ffi"] as const;
  const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
  return states.every(({ state }) => state === "granted");
}
