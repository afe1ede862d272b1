/// <reference lib="dom" />
import type { Build } from "../server/playground.ts";

const LOOK_AGAIN_MS = 1000;

/**
 * Notices that the server was started again, as `deno task dev` does at each save. A page that was built anew itself is
 * loaded again. A stream would tell sooner than asking does, but while one is open the server cannot stop.
 */
export function watchServer(loaded: Build, onRestart: () => void): void {
  let known = loaded;
  async function look(): Promise<void> {
    const build = document.hidden ? known : await ask();
    if (build.page !== known.page) return location.reload();
    if (build.start !== known.start) onRestart();
    known = build;
    setTimeout(look, LOOK_AGAIN_MS);
  }
  /** While the server starts nobody answers, and nothing has changed yet. */
  async function ask(): Promise<Build> {
    const response = await fetch("/playground/build").catch(() => undefined);
    return response?.ok ? await response.json() : known;
  }
  setTimeout(look, LOOK_AGAIN_MS);
}
