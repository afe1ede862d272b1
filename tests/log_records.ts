import { configure, type LogRecord, reset } from "@logtape/logtape";

/** Runs something, and gives back everything that the server logged meanwhile. */
export async function logged(run: () => Promise<void>): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { memory: (record) => records.push(record) },
    loggers: [
      { category: "mcp", lowestLevel: "debug", sinks: ["memory"] },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    await run();
  } finally {
    await reset();
  }
  return records;
}
