/** Values that are forgotten at their time, or earlier when there are too many: the oldest go first. */
export interface Memory<V> {
  get(key: string): V | undefined;
  /** @param until Milliseconds since the epoch. */
  set(key: string, value: V, until: number): void;
}

/**
 * Makes an empty memory.
 *
 * @param now Milliseconds since the epoch.
 */
export function createMemory<V>(maxEntries: number, now: () => number): Memory<V> {
  const entries = new Map<string, { readonly value: V; readonly until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      return entry && now() < entry.until ? entry.value : undefined;
    },
    set(key, value, until) {
      entries.delete(key);
      if (entries.size >= maxEntries) entries.delete(entries.keys().next().value!);
      entries.set(key, { value, until });
    },
  };
}

/** What stands for a token where it must not be kept. Web Crypto, since loading Node's would take longer than all of Hono. */
export async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toBase64();
}
