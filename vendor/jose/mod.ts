/** Stands in for `jsr:@panva/jose`: the same code, from npm. */
export * from "npm:jose@6.2.17";
