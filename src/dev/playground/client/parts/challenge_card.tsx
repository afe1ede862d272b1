import type { Challenge } from "../challenge.ts";
import { explainChallenge } from "../explain.ts";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import type { Call } from "../thread.ts";
import { Notes } from "./notes.tsx";

/** What the server asks for, in words, and the button that opens the sign-in window; then that it is waited for. */
export function ChallengeCard({ host, call, challenge }: { host: Host; call: Call; challenge: Challenge }) {
  const isStepUp = challenge.error === "insufficient_scope";
  const granted = useStore(host.account.person)?.scopes ?? [];
  const missing = challenge.scope?.split(" ").filter((scope) => !granted.includes(scope)).join(" ");
  const window = useStore(host.signInWindow);
  return (
    <section class="challenge">
      <h2>{isStepUp ? "One more permission is needed" : `Connect ${host.config.title}`}</h2>
      {window
        ? (
          <>
            <p role="status">
              {window.blocked
                ? "Your browser opened no window: use the link at the top of this page to sign in."
                : "Go on in the window that has opened. When you are done there, the request continues here."}
            </p>
            <button type="button" class="quiet" onClick={window.close}>Cancel</button>
          </>
        )
        : (
          <>
            <p>
              {isStepUp
                ? (
                  <>
                    To go on, allow <code>{missing}</code>. You are asked again on the sign-in page.
                  </>
                )
                : "This needs to know who you are. Sign in, and the request continues by itself."}
            </p>
            <button type="button" onClick={() => host.signIn(call)}>{isStepUp ? "Allow" : "Connect"}</button>
          </>
        )}
      <details>
        <summary>What just happened</summary>
        <Notes notes={explainChallenge(challenge)} />
        <pre tabIndex={0}>{challenge.header}</pre>
      </details>
    </section>
  );
}
