/** Stands in for `jsr:@hono/hono/cors`. */
export * from "npm:hono@4.13.19/cors";
