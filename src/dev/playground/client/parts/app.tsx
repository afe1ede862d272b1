import { useEffect } from "preact/hooks";
import type { Host, View } from "../host.ts";
import { useStore } from "../store.ts";
import { AccountMenu } from "./account_menu.tsx";
import { Composer } from "./composer.tsx";
import { DeviceBar } from "./device_bar.tsx";
import { Inspector } from "./inspector.tsx";
import { QuestionCard } from "./question_card.tsx";
import { ThreadView } from "./thread_view.tsx";

/** The whole page: a chat beside an inspector; on narrow screens one of the two. */
export function App({ host }: { host: Host }) {
  const { half, tab } = useStore(host.view);
  const setHalf = (half: View["half"]) => host.view.set({ half, tab });
  const { theme, shell } = useStore(host.settings);
  const notice = useStore(host.notice);
  const said = useStore(host.entries).length;
  const asked = useStore(host.questions).length;

  useEffect(() => {
    document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
  }, [theme]);

  useEffect(() => {
    setHalf("chat");
    host.notice.set("");
  }, [said]);

  // An answer, a challenge or a question would be hidden behind it.
  useEffect(() => {
    if (host.displayed.get()?.mode === "fullscreen") host.displayed.set(undefined);
  }, [said, asked]);

  return (
    <div class="page" data-view={half} data-shell={shell}>
      <header class="bar">
        <h1>
          <img class="icon" src={host.config.icon} alt="" />
          <span class="app-name">{host.config.title}</span>
          <span class="tag">Playground</span>
        </h1>
        <button
          type="button"
          class="switch-view quiet"
          onClick={() => setHalf(half === "chat" ? "inspect" : "chat")}
        >
          {half === "chat" ? "Inspect" : "Chat"}
        </button>
        <AccountMenu host={host} />
      </header>
      <main class="stage">
        <section class="chat" aria-label="Chat">
          <DeviceBar host={host} />
          <ThreadView host={host} />
          <div class="foot">
            <QuestionCard host={host} />
            <p class="notice" role="status">{notice}</p>
            <Composer host={host} />
          </div>
        </section>
        <Inspector host={host} />
      </main>
    </div>
  );
}
