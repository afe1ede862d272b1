import { useEffect, useState } from "preact/hooks";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import { AccountMenu } from "./account_menu.tsx";
import { Composer } from "./composer.tsx";
import { DeviceBar } from "./device_bar.tsx";
import { Inspector } from "./inspector.tsx";
import { QuestionCard } from "./question_card.tsx";
import { ThreadView } from "./thread_view.tsx";

/** The whole page: a chat beside an inspector; on narrow screens one of the two. */
export function App({ host }: { host: Host }) {
  const [view, setView] = useState<"chat" | "inspect">("chat");
  const { theme, shell } = useStore(host.settings);
  const notice = useStore(host.notice);
  const said = useStore(host.entries).length;
  const asked = useStore(host.questions).length;

  useEffect(() => {
    document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
  }, [theme]);

  useEffect(() => {
    setView("chat");
    host.notice.set("");
  }, [said]);

  // An answer, a challenge or a question would be hidden behind it.
  useEffect(() => {
    if (host.displayed.get()?.mode === "fullscreen") host.displayed.set(undefined);
  }, [said, asked]);

  return (
    <div class="page" data-view={view} data-shell={shell}>
      <header class="bar">
        <h1>
          <img class="icon" src={host.config.icon} alt="" />
          <span class="app-name">{host.config.title}</span>
          <span class="tag">Playground</span>
        </h1>
        <button
          type="button"
          class="switch-view quiet"
          onClick={() => setView(view === "chat" ? "inspect" : "chat")}
        >
          {view === "chat" ? "Inspect" : "Chat"}
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
