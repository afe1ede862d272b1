import type { Challenge } from "../challenge.ts";
import { explainChallenge } from "../explain.ts";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import type { Call } from "../thread.ts";
import { Notes } from "./notes.tsx";

/** What the server asks for, in words, and the button that answers it. */
export function ChallengeCard({ host, call, challenge }: { host: Host; call: Call; challenge: Challenge }) {
  const more = challenge.error === "insufficient_scope";
  const granted = useStore(host.account.person)?.scopes ?? [];
  const missing = challenge.scope?.split(" ").filter((scope) => !granted.includes(scope)).join(" ");
  return (
    <section class="challenge">
      <h2>{more ? "One more permission is needed" : `Connect ${host.config.title}`}</h2>
      <p>
        {more
          ? (
            <>
              To go on, allow <code>{missing}</code>. You are asked again on the sign-in page.
            </>
          )
          : "This needs to know who you are. Sign in, and the request goes on by itself."}
      </p>
      <button type="button" onClick={() => host.signIn(call)}>{more ? "Allow" : "Connect"}</button>
      <details>
        <summary>What just happened</summary>
        <Notes notes={explainChallenge(challenge)} />
        <pre tabIndex={0}>{challenge.header}</pre>
      </details>
    </section>
  );
}
