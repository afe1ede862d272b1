/** A window in which the person signs in. */
export interface SignInWindow {
  /** The browser refused to open one, so the person has to. */
  readonly blocked: boolean;
  /** Leads the person to the authorization endpoint. */
  go(url: URL): void;
  /**
   * What the authorization server sent back; it has the `state` that was sent, so an answer to another sign-in, such as
   * another tab's, does not count (RFC 6749 section 10.12). Rejects when the window is closed first.
   */
  readonly answer: Promise<URLSearchParams>;
  close(): void;
}

const CHANNEL = "playground-sign-in";
const POLL_MS = 400;

/** Opens an empty window; browsers allow that only in answer to a click. */
export function openSignInWindow(): SignInWindow {
  const popup = open("", "_blank", "popup,width=480,height=720");
  const channel = new BroadcastChannel(CHANNEL);
  const { promise: answer, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  const closed = () => reject(new Error("The sign-in window was closed. Nothing was changed."));
  // No event tells that another window was closed.
  const watch = setInterval(() => popup?.closed && closed(), POLL_MS);
  let state: string | null = null;
  channel.onmessage = ({ data }) => {
    const received = new URLSearchParams(String(data));
    if (state !== null && received.get("state") === state) resolve(received);
  };
  answer.catch(() => {/* It may reject before anyone awaits it. */});
  return {
    blocked: popup === null,
    answer,
    go(url) {
      state = url.searchParams.get("state");
      popup?.location.replace(url);
    },
    close() {
      clearInterval(watch);
      channel.close();
      popup?.close();
      closed();
    },
  };
}
