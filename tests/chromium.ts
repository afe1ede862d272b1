/** Real Chromium for tests. The builds that npm carries crash on a bare machine, for want of its fonts. */
import type { Browser } from "playwright-core";
import { shared } from "./shared.ts";

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

/** Whether this run can start a browser; ignore tests that need one otherwise, so that nobody is prompted. */
export const chromiumAvailable: boolean = await everythingGranted() && findChromium() !== undefined;

/** Starts headless Chromium: `CHROMIUM_PATH`, else an installed one. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("There is no Chromium: install one, or set CHROMIUM_PATH.");
  }
  const { chromium } = await import("playwright-core");
  // People have scrollbars that take room, and so must the pages under test.
  return chromium.launch({ executablePath, args: flags, ignoreDefaultArgs: ["--hide-scrollbars"] });
}

/**
 * One browser for all tests of a file, because most of what a small test would cost is a browser's start. Tests part by
 * contexts, and close what they open.
 */
export function sharedChromium(): () => Promise<Browser> {
  return shared(launchChromium);
}

function findChromium(): string | undefined {
  return Deno.env.get("CHROMIUM_PATH") ?? installed.find(exists);
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
