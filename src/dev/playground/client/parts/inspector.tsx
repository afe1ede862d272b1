import { useRef } from "preact/hooks";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import { HostPanel } from "./host_panel.tsx";
import { LogPanel } from "./log_panel.tsx";
import { ToolsPanel } from "./tools_panel.tsx";
import { WirePanel } from "./wire_panel.tsx";

const TABS = [
  { name: "Host", Panel: HostPanel },
  { name: "Tools", Panel: ToolsPanel },
  { name: "Log", Panel: LogPanel },
  { name: "Wire", Panel: WirePanel },
] as const;

/** What developers of an app want to see and change, in tabs (ARIA pattern "Tabs"). */
export function Inspector({ host }: { host: Host }) {
  const { half, tab } = useStore(host.view);
  const tabs = useRef<HTMLDivElement>(null);

  function onKeyDown({ key }: KeyboardEvent): void {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = (TABS.findIndex(({ name }) => name === tab) + step + TABS.length) % TABS.length;
    host.view.set({ half, tab: TABS[next]!.name });
    tabs.current?.querySelectorAll("button")[next]?.focus();
  }

  return (
    <section class="inspect" aria-label="Inspector">
      <div class="tabs" role="tablist" aria-label="Inspector" ref={tabs} onKeyDown={onKeyDown}>
        {TABS.map(({ name }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-controls={`panel-${name}`}
            aria-selected={name === tab}
            tabIndex={name === tab ? 0 : -1}
            onClick={() => host.view.set({ half, tab: name })}
          >
            {name}
          </button>
        ))}
      </div>
      {TABS.map(({ name, Panel }) => (
        <div
          key={name}
          class="panel"
          role="tabpanel"
          id={`panel-${name}`}
          aria-labelledby={`tab-${name}`}
          tabIndex={0}
          hidden={name !== tab}
        >
          <Panel host={host} />
        </div>
      ))}
    </section>
  );
}
