import type { McpUiDisplayMode } from "@modelcontextprotocol/ext-apps/app-bridge";
import { useId } from "preact/hooks";
import type { Host } from "../host.ts";
import { CHOICES, DEVICES, onDevice, type Settings } from "../settings.ts";
import { useStore } from "../store.ts";

const SIZES = Object.fromEntries(DEVICES.map(({ width, name }) => [width, name]));

/** Which device widgets are shown on, and how. */
export function DeviceBar({ host }: { host: Host }) {
  const settings = useStore(host.settings);
  const displayed = useStore(host.displayed);
  const newest = useStore(host.entries).findLast((entry) => entry.kind === "call" && entry.widget);
  const set = (change: Partial<Settings>) => host.settings.set({ ...settings, ...change });

  return (
    <details class="device">
      <summary>Device</summary>
      <div class="device-fields">
        <Field
          label="Screen"
          choices={SIZES}
          value={String(settings.width)}
          onChange={(width) => set(onDevice(Number(width)))}
        />
        <Field
          label="Input"
          choices={CHOICES.touch}
          value={String(settings.touch)}
          onChange={(touch) => set({ touch: touch === "true" })}
        />
        <Field
          label="Safe area in fullscreen"
          choices={CHOICES.safeArea}
          value={settings.safeArea}
          onChange={(safeArea) => set({ safeArea: safeArea as Settings["safeArea"] })}
        />
        <Field
          label="Time zone"
          choices={CHOICES.timeZone}
          value={settings.timeZone}
          onChange={(timeZone) => set({ timeZone })}
        />
        <Field
          label="Newest widget"
          choices={CHOICES.display}
          value={newest && displayed?.id === newest.id ? displayed.mode : "inline"}
          disabled={!newest}
          onChange={(mode) => newest && host.display(newest.id, mode as McpUiDisplayMode)}
        />
        <button type="button" class="quiet" disabled={!newest} onClick={host.reloadWidgets}>
          Reload widgets
        </button>
      </div>
    </details>
  );
}

function Field(props: {
  label: string;
  choices: Readonly<Record<string, string>>;
  value: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        disabled={props.disabled ?? false}
        onChange={({ currentTarget }) => {
          props.onChange(currentTarget.value);
          // Where the choice was refused, it goes back to what is.
          currentTarget.value = props.value;
        }}
      >
        {Object.entries(props.choices).map(([value, words]) => (
          <option key={value} value={value}>{words}</option>
        ))}
      </select>
    </div>
  );
}
