/** Stands in for `jsr:@hono/hono`: the same code, from npm. */
export * from "npm:hono@4.13.19";
