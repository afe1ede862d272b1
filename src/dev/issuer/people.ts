import { hashToken } from "./opaque_token.ts";

/** Someone who can sign in. `subject` is the `sub` of every token: ASCII, stable for the same name. */
export interface Person {
  readonly subject: string;
  readonly name: string;
}

/** The people the sign-in page offers. */
export const DEMO_PEOPLE: readonly Person[] = [
  { subject: "ada", name: "Ada" },
  { subject: "grace", name: "Grace" },
  { subject: "linus", name: "Linus" },
];

/** The person behind a typed name, or `undefined` when nothing readable was typed. */
export function personNamed(typed: string): Person | undefined {
  const name = typed.replace(/[\p{C}\s]+/gu, " ").trim().slice(0, 60);
  if (name === "") return undefined;
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  // A name outside ASCII would lose letters in a slug, and two people would become one.
  const subject = /^[\x20-\x7e]+$/.test(plain) && slug !== ""
    ? slug
    : `person-${hashToken(name).slice(0, 16)}`;
  return { subject, name };
}

/** OpenID Connect claims about a person, as far as the scopes allow (OpenID Connect Core §5.4). */
export function personClaims(person: Person, scopes: readonly string[]): Record<string, string> {
  return {
    sub: person.subject,
    ...(scopes.includes("profile") && { name: person.name }),
    ...(scopes.includes("email") && { email: `${person.subject}@example.com` }),
  };
}
