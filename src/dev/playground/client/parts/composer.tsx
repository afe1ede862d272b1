import { useState } from "preact/hooks";
import type { Host } from "../host.ts";

/** The app's prompts, and a field to type something else. */
export function Composer({ host }: { host: Host }) {
  const [text, setText] = useState("");
  const say = (said: string) => {
    if (said.trim() === "") return;
    setText("");
    void host.thread.say(said.trim());
  };
  return (
    <>
      <ul class="prompts" aria-label="Prompts">
        {host.config.prompts.map((prompt) => (
          <li key={prompt}>
            <button type="button" class="chip" onClick={() => say(prompt)}>{prompt}</button>
          </li>
        ))}
      </ul>
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          say(text);
        }}
      >
        <input
          aria-label="Message"
          placeholder="Ask for something"
          autocomplete="off"
          maxLength={500}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" aria-label="Send" disabled={text.trim() === ""}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 19V6m-6 6 6-6 6 6" />
          </svg>
        </button>
      </form>
      <p class="small fine">There is no model: this page picks the tool whose words match best.</p>
    </>
  );
}
