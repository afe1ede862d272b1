import { useRef, useState } from "preact/hooks";
import type { Host } from "../host.ts";
import { HostPanel } from "./host_panel.tsx";
import { LogPanel } from "./log_panel.tsx";
import { ToolsPanel } from "./tools_panel.tsx";
import { WirePanel } from "./wire_panel.tsx";

const TABS = [
  { name: "Host", Panel: HostPanel },
  { name: "Tools", Panel: ToolsPanel },
  { name: "Log", Panel: LogPanel },
  { name: "Wire", Panel: WirePanel },
];

/** What developers of an app want to see and change, in tabs (ARIA pattern "Tabs"). */
export function Inspector({ host }: { host: Host }) {
  const [open, setOpen] = useState(0);
  const tabs = useRef<HTMLDivElement>(null);

  function onKeyDown({ key }: KeyboardEvent): void {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = (open + step + TABS.length) % TABS.length;
    setOpen(next);
    tabs.current?.querySelectorAll("button")[next]?.focus();
  }

  return (
    <section class="inspect" aria-label="Inspector">
      <div class="tabs" role="tablist" aria-label="Inspector" ref={tabs} onKeyDown={onKeyDown}>
        {TABS.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-controls={`panel-${name}`}
            aria-selected={index === open}
            tabIndex={index === open ? 0 : -1}
            onClick={() => setOpen(index)}
          >
            {name}
          </button>
        ))}
      </div>
      {TABS.map(({ name, Panel }, index) => (
        <div
          key={name}
          class="panel"
          role="tabpanel"
          id={`panel-${name}`}
          aria-labelledby={`tab-${name}`}
          tabIndex={0}
          hidden={index !== open}
        >
          <Panel host={host} />
        </div>
      ))}
    </section>
  );
}
