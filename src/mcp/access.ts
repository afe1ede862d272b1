import type { Claims, Principal } from "../auth/principal.ts";

/** Who may use a tool or a resource, declared once; advertised, enforced and challenged from here. */
export type Access = Open | Scoped<"mixed"> | Scoped<"signedIn">;

interface Open {
  readonly level: "anyone";
}

interface Scoped<Level> {
  readonly level: Level;
  readonly scopes: readonly string[];
}

/** Open to all; the tool never learns who calls. */
export function anyone(): Open {
  return { level: "anyone" };
}

/** Open to all, and better for a caller whose token has every one of the scopes (MIX-02, MIX-03). */
export function mixed(...scopes: string[]): Scoped<"mixed"> {
  return { level: "mixed", scopes };
}

/** Only for callers whose token has every one of the scopes (MIX-04). */
export function signedIn(...scopes: string[]): Scoped<"signedIn"> {
  return { level: "signedIn", scopes };
}

/** What a tool's `run` is told about its caller under each access level. */
export type CallerOf<A extends Access> = A extends Scoped<"signedIn"> ? Principal
  : A extends Scoped<"mixed"> ? Principal | undefined
  : undefined;

/** The claims that it is told. */
export type ClaimsOf<A extends Access> = A extends Scoped<"signedIn"> ? Claims
  : A extends Scoped<"mixed"> ? Claims | undefined
  : undefined;

/** The access in the words of ChatGPT's tool descriptor (OAI-01). */
export function securitySchemes(access: Access): Record<string, unknown>[] {
  if (access.level === "anyone") return [{ type: "noauth" }];
  const oauth2 = { type: "oauth2", scopes: access.scopes };
  return access.level === "mixed" ? [{ type: "noauth" }, oauth2] : [oauth2];
}

/** Scopes that an access names. */
export function scopesOf(access: Access): readonly string[] {
  return access.level === "anyone" ? [] : access.scopes;
}
