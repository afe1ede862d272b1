/**
 * A port on loopback that nobody listens on. It is below those that systems hand out by themselves, so that no
 * connection takes it before it is used.
 */
export function freePort(): number {
  while (true) {
    const port = 10_000 + crypto.getRandomValues(new Uint16Array(1))[0]! % 20_000;
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
