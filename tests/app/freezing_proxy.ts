/** A TCP connection that goes silent and loses nothing, as over a network that is gone for a while. */
export interface FreezingProxy extends AsyncDisposable {
  readonly port: number;
  /** Passes nothing on, in either direction, from the next bytes to the target that hold this text. Resolves then. */
  freezeAt(text: string): Promise<void>;
  /** Passes on what was held back, and everything else. */
  thaw(): void;
}

/** Listens on loopback, and passes connections on. */
export function startFreezingProxy(target: Deno.ConnectOptions): FreezingProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  let freezing: { readonly text: string; readonly frozen: PromiseWithResolvers<void> } | undefined;
  let thawed = Promise.withResolvers<void>();
  thawed.resolve();

  async function pass(from: Deno.Conn, to: Deno.Conn, isToTarget: boolean): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
        const bytes = buffer.subarray(0, size);
        if (isToTarget && freezing && new TextDecoder().decode(bytes).includes(freezing.text)) {
          thawed = Promise.withResolvers();
          freezing.frozen.resolve();
          freezing = undefined;
        }
        await thawed.promise;
        for (let sent = 0; sent < size;) sent += await to.write(bytes.subarray(sent));
      }
    } catch {
      // One of the two has hung up.
    }
    await thawed.promise;
    for (const connection of [from, to]) close(connection);
  }

  async function accept(): Promise<void> {
    for await (const client of listener) {
      const server = await Deno.connect(target);
      connections.push(client, server);
      passing.push(pass(client, server, true), pass(server, client, false));
    }
  }
  const passing: Promise<void>[] = [];
  const accepting = accept();

  return {
    port: listener.addr.port,
    freezeAt(text) {
      freezing = { text, frozen: Promise.withResolvers() };
      return freezing.frozen.promise;
    },
    thaw: () => thawed.resolve(),
    async [Symbol.asyncDispose]() {
      thawed.resolve();
      listener.close();
      for (const connection of connections) close(connection);
      await accepting;
      await Promise.all(passing);
    },
  };
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
