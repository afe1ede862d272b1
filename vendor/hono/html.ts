/** Stands in for `jsr:@hono/hono/html`. */
export * from "npm:hono@4.13.19/html";
