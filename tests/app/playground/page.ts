import app from "../../../src/app/mod.ts";
import { type PageOptions, playgroundTest as test } from "../../playground/page.ts";
import { type Served, serveDevelopment } from "../../playground/served.ts";

export type { Playground } from "../../playground/page.ts";

const SAMPLE = { app, env: { DEMO_ORDERS: "true" } };

/** Serves the sample with its playground and an order or two for everyone who is new. */
export function serveSample(): Promise<Served> {
  return serveDevelopment(SAMPLE);
}

/** A test of the sample in the playground. */
export function playgroundTest(
  name: string,
  use: Parameters<typeof test>[1],
  options: PageOptions = {},
): void {
  test(name, use, { ...options, serve: { ...SAMPLE, ...options.serve } });
}
