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

/** Characters of a typed name; the rest is cut off. */
export const MAX_NAME_LENGTH = 60;

/** The person of a typed name, or `undefined` when it holds nothing readable. */
export function personNamed(typed: string): Person | undefined {
  const name = plainText(typed, MAX_NAME_LENGTH);
  if (name === "") return undefined;
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  // A name outside ASCII would lose letters in a slug, and two people would become one.
  const subject = /^[\x20-\x7e]+$/.test(plain) && slug !== ""
    ? slug
    : `person-${hashToken(name).slice(0, 16)}`;
  return { subject, name };
}

/**
 * The first `maxLength` characters of untrusted text, without control characters or those that change the direction
 * of text, which could make a name look like another. Never ends in half a character.
 */
export function plainText(text: string, maxLength: number): string {
  const bounded = text.slice(0, 4 * maxLength).replace(/[\p{C}\s]+/gu, " ").trim();
  return [...bounded].slice(0, maxLength).join("").trim();
}

/** OpenID Connect claims about a person, as far as the scopes allow (OpenID Connect Core §5.4). */
export function personClaims(person: Person, scopes: readonly string[]): Record<string, string> {
  return {
    sub: person.subject,
    ...(scopes.includes("profile") && { name: person.name }),
    ...(scopes.includes("email") && { email: `${person.subject}@example.com` }),
  };
}
