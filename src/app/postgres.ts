import postgres, { type Sql } from "postgres";

/** Seconds to wait for a connection, and to hang up on one that is not used. */
const CONNECT_SECONDS = 5;
const IDLE_SECONDS = 60;
/** A statement that takes longer is given up by the database; `?statement_timeout=` in the URL overrides it. */
const STATEMENT_MS = 5_000;
/** After a failed attempt to connect, the next one waits so many seconds. */
const RETRY_SECONDS = 0.5;
const ATTEMPTS = 3;

/**
 * What a second attempt may cure: serialization failure and deadlock (SQLSTATE class 40), a database that is
 * being restarted (57P01 to 57P03), a connection that was lost.
 */
const PASSING = /^(40001|40P01|57P0[1-3]|CONNECTION_CLOSED|ECONNRESET|EPIPE)$/;

/**
 * A pool of connections to a Postgres database; it connects when first asked, and again after every loss.
 *
 * @param url `postgres://user:password@host/database`; its `sslmode` says how to use TLS.
 */
export function connect(url: string): Sql {
  const options = new URL(url);
  // Meant for libpq; a server refuses what it does not know.
  options.searchParams.delete("channel_binding");
  return postgres(options.href, {
    backoff: () => RETRY_SECONDS,
    connect_timeout: CONNECT_SECONDS,
    idle_timeout: IDLE_SECONDS,
    connection: { statement_timeout: STATEMENT_MS },
    fetch_types: false,
    onnotice: () => {},
  });
}

/** Does something again that failed for a passing reason; `work` has to be one transaction or one question. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !PASSING.test(codeOf(error))) throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
