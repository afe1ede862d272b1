/**
 * Knobs that make the issuer misbehave, for tests of whoever relies on it. Set a property to switch a fault on, put
 * the old value back to switch it off; the issuer reads them at each use.
 */
export interface Faults {
  /** `aud` of access tokens instead of the resource. */
  audience?: string | undefined;
  /** `iss` of access tokens instead of the issuer. */
  issuer?: string | undefined;
  /** Access tokens are already expired when issued. */
  expired: boolean;
  /** Access tokens are signed by a key that the JWKS does not show. */
  unknownKey: boolean;
  /** The JWKS answers 503. */
  keysDown: boolean;
  /** The JWKS answers only after this promise: the test decides when, nothing sleeps. */
  keysSlow?: Promise<void> | undefined;
  /** All discovery documents answer 503. */
  discoveryDown: boolean;
  /** Replaces the signing key; the old one stays in the JWKS while its tokens live. */
  rotateKeys(): Promise<void>;
}

/** No faults to begin with. */
export function createFaults(rotateKeys: () => Promise<void>): Faults {
  return { expired: false, unknownKey: false, keysDown: false, discoveryDown: false, rotateKeys };
}
