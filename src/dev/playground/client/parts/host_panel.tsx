import type { Host } from "../host.ts";
import { CHOICES, onDevice, type Settings } from "../settings.ts";
import { useStore } from "../store.ts";
import { Choice } from "./choice.tsx";

/** Which host the page acts as, and buttons that cause faults. */
export function HostPanel({ host }: { host: Host }) {
  const settings = useStore(host.settings);
  const outage = useStore(host.faults.outage);
  const signedIn = useStore(host.account.person) !== undefined;
  const set = (change: Partial<Settings>) => host.settings.set({ ...settings, ...change });

  return (
    <>
      <Choice
        legend="Host"
        hint={settings.shell === "chatgpt"
          ? "Adds openai/* hints to calls and signs in from a tool result."
          : "Adds nothing and signs in from a 401, as MCP says."}
        choices={CHOICES.shell}
        value={settings.shell}
        onChange={(shell) => set({ shell })}
      />
      <Choice
        legend="Protocol revision"
        hint={settings.era === "2025-11-25"
          ? "Opens with initialize."
          : "Stateless: every request stands alone."}
        choices={CHOICES.era}
        value={settings.era}
        onChange={(era) => set({ era })}
      />
      <Choice
        legend="Theme"
        choices={CHOICES.theme}
        value={settings.theme}
        onChange={(theme) => set({ theme })}
      />
      <Choice
        legend="Width of widgets"
        choices={CHOICES.width}
        value={String(settings.width) as keyof typeof CHOICES.width & string}
        onChange={(width) => set(onDevice(Number(width)))}
      />
      <Choice
        legend="Language of the host"
        choices={CHOICES.locale}
        value={settings.locale}
        onChange={(locale) => set({ locale })}
      />
      <section class="faults">
        <h2>Cause a fault</h2>
        <p class="small">
          See how the host and the server recover. Each button changes the development authorization server.
        </p>
        <button type="button" class="quiet" disabled={!signedIn} onClick={host.faults.expireToken}>
          Expire my token now
        </button>
        <button type="button" class="quiet" onClick={host.faults.rotateKeys}>Rotate keys</button>
        <button
          type="button"
          class="quiet"
          aria-pressed={outage}
          onClick={() => host.faults.setOutage(!outage)}
        >
          Authorization server down
        </button>
      </section>
    </>
  );
}
