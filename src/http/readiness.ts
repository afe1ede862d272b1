import type { Logger } from "@logtape/logtape";

/** What has to work before the server is ready, by name: a note for the log or nothing; a rejection says what does not work. */
export type Readiness = Readonly<Record<string, () => Promise<string | void>>>;

/**
 * Makes the answer to `/ready`: 503 when anything does not work. Anyone may ask, so it holds names, "ok" and "not ok"
 * only; details go to the log when they change.
 */
export function createReadiness(readiness: Readiness, log: Logger): () => Promise<Response> {
  const logged = new Map<string, string>();

  function tell(level: "info" | "warn", name: string, detail: string): void {
    if ((logged.get(name) ?? "ok") === detail) return;
    logged.set(name, detail);
    log[level]("Readiness of {name}: {detail}", { name, detail });
  }

  async function ask(name: string, check: () => Promise<string | void>): Promise<"ok" | "not ok"> {
    try {
      tell("info", name, await check() ?? "ok");
      return "ok";
    } catch (error) {
      tell("warn", name, error instanceof Error ? error.message : String(error));
      return "not ok";
    }
  }

  return async () => {
    const outcomes = await Promise.all(
      Object.entries(readiness).map(async ([name, check]) => [name, await ask(name, check)] as const),
    );
    const status = outcomes.every(([, outcome]) => outcome === "ok") ? 200 : 503;
    return Response.json(Object.fromEntries(outcomes), { status, headers: { "cache-control": "no-store" } });
  };
}
