/** What has to work before the server is ready, by name: a note or nothing; a rejection says what does not work. */
export type Readiness = Readonly<Record<string, () => Promise<string | void>>>;

/** Asks everything; 503 when anything does not work, with the reason by name. */
export async function checkReadiness(readiness: Readiness): Promise<Response> {
  let status = 200;
  const checks = Object.entries(readiness).map(async ([name, check]) => {
    try {
      return [name, await check() ?? "ok"];
    } catch (error) {
      status = 503;
      return [name, error instanceof Error ? error.message : String(error)];
    }
  });
  const outcomes = Object.fromEntries(await Promise.all(checks));
  return Response.json(outcomes, { status, headers: { "cache-control": "no-store" } });
}
