/**
 * Makes the issuer misbehave, for tests of whatever relies on it. Set a property to turn a fault on, restore the old
 * value to turn it off; the issuer reads them at each use.
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
  /** The JWKS answers only after this promise: the test decides when. */
  keysSlow?: Promise<void> | undefined;
  /** All discovery documents answer 503. */
  discoveryDown: boolean;
  /** Replaces the signing key; the old one stays in the JWKS while its tokens are valid. */
  rotateKeys(): Promise<void>;
}

/** All faults are off at first. */
export function createFaults(rotateKeys: () => Promise<void>): Faults {
  return { expired: false, unknownKey: false, keysDown: false, discoveryDown: false, rotateKeys };
}
