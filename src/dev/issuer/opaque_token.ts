import { createHash, timingSafeEqual } from "node:crypto";

/** A new unguessable value of 256 random bits, in base64url (43 characters). */
export function opaqueToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** What the database keeps of a token: its SHA-256 in base64url, so that a stolen file holds no usable token. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** Whether two secrets are equal, in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}
