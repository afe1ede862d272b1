/** Real Chromium for tests: an installed one, or else the build that npm carries. */
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
  const executablePath = Deno.env.get("CHROMIUM_PATH") ?? installed.find(exists) ?? await npmChromium();
  return chromium.launch({ executablePath, args: flags });
}

async function npmChromium(): Promise<string> {
  const code = `import chromium from "${UNLOCKED.chromium}"; console.log(await chromium.executablePath());`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", ...UNLOCKED_FLAGS, code],
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout).trim();
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
