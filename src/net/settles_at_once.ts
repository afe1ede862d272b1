/** Passes through the queue of microtasks: four times as many as a call takes that waits for nothing. */
const PASSES = 100;

/**
 * Whether a promise settles without waiting for anything outside of this thread. What has to be set up for a wait, such
 * as a timer, costs more than such a call does, and could not fire before its end.
 */
export async function settlesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => void (settled = true);
  promise.then(settle, settle);
  for (let pass = 0; pass < PASSES && !settled; pass++) await undefined;
  return settled;
}
