/** A widget of tests: a button for everything that a host may offer, and what came of it. */
import { useState } from "preact/hooks";
import {
  renderWidget,
  useDisplayMode,
  useDownloadFile,
  useHostContext,
  useOpenLink,
  useUpdateModelContext,
  useView,
  useViewState,
} from "../../src/ui/mod.ts";

function Probe() {
  const { input, inputComplete, state, result, actions: { callTool, sendMessage } } = useView();
  const openLink = useOpenLink();
  const updateModelContext = useUpdateModelContext();
  const downloadFile = useDownloadFile();
  const display = useDisplayMode();
  const [count, setCount] = useViewState("count", (kept) => typeof kept === "number" ? kept : 0);
  const [outcome, setOutcome] = useState<unknown>("nothing yet");
  const [steps, setSteps] = useState<unknown[]>([]);

  const offers: Record<string, (() => Promise<unknown>) | undefined> = {
    "call": callTool &&
      (() =>
        callTool(
          "count",
          { to: 2 },
          ({ progress, total }) => setSteps((old) => [...old, [progress, total]]),
        )),
    "say": sendMessage && (() => sendMessage("Hello")),
    "open": openLink && (() => openLink("https://example.com/map")),
    "tell": updateModelContext && (() => updateModelContext("The person looks at 7.")),
    "save": downloadFile &&
      (() => downloadFile({ name: "a b.csv", mimeType: "text/csv", content: "1,2\n" })),
    "save bytes": downloadFile &&
      (() => downloadFile({ name: "b", mimeType: "image/png", content: new Uint8Array([0, 255]) })),
    ...Object.fromEntries(display.modes.map((mode) => [mode, () => display.request(mode)])),
  };
  const facts = { state, input, inputComplete, result, mode: display.mode, host: useHostContext(), steps };
  return (
    <>
      {Object.entries(offers).map(([name, act]) =>
        act && (
          <button
            type="button"
            key={name}
            onClick={() => act().then(setOutcome, (e) => setOutcome(String(e)))}
          >
            {name}
          </button>
        )
      )}
      <button type="button" onClick={() => setCount(count + 1)}>count {count}</button>
      <output>{JSON.stringify(outcome)}</output>
      <pre>{JSON.stringify(facts)}</pre>
    </>
  );
}

renderWidget("probe", Probe);
