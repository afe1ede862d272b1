/// <reference lib="dom" />

/** A window in which the person signs in. */
export interface SignInWindow {
  /** The browser refused to open one, so the person has to. */
  readonly blocked: boolean;
  go(url: URL): void;
  /** What the authorization server sent back. Rejects when the window is closed before. */
  answer(): Promise<URLSearchParams>;
  close(): void;
}

const CHANNEL = "playground-sign-in";
const LOOK_AGAIN_MS = 400;

/** Opens an empty window; browsers allow that only in answer to a click. */
export function openSignInWindow(): SignInWindow {
  const popup = open("", "sign-in", "popup,width=480,height=720");
  const channel = new BroadcastChannel(CHANNEL);
  return {
    blocked: popup === null,
    go: (url) => popup?.location.replace(url),
    answer() {
      const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
      channel.onmessage = ({ data }) => resolve(new URLSearchParams(String(data)));
      const watch = setInterval(() => {
        if (popup?.closed) reject(new Error("The sign-in window was closed. Nothing was changed."));
      }, LOOK_AGAIN_MS);
      return promise.finally(() => clearInterval(watch));
    },
    close() {
      channel.close();
      popup?.close();
    },
  };
}
