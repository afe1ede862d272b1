/**
 * Opens something when a test of this file first needs it, for all of them, and closes it after the last. Tests that
 * are ignored open nothing.
 */
export function shared<Opened extends AsyncDisposable>(open: () => Promise<Opened>): () => Promise<Opened> {
  let opened: Promise<Opened> | undefined;
  Deno.test.afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());
  return () => opened ??= open();
}
