import type { Build } from "../server/shell.ts";

const POLL_MS = 1000;

/**
 * Notices that the server was started again, as `deno task dev` does at each save. A page that was rebuilt itself is
 * reloaded. It polls, because the server could not stop while an event stream is open.
 */
export function watchServer(loaded: Build, onRestart: () => void): void {
  let known = loaded;
  async function poll(): Promise<void> {
    const build = document.hidden ? known : await ask();
    if (build.page !== known.page) return location.reload();
    if (build.start !== known.start) onRestart();
    known = build;
    setTimeout(poll, POLL_MS);
  }
  /** No answer while the server starts counts as no change. */
  async function ask(): Promise<Build> {
    const response = await fetch("/playground/build").catch(() => undefined);
    return response?.ok ? await response.json() : known;
  }
  setTimeout(poll, POLL_MS);
}
