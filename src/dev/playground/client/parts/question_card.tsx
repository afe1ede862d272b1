import type { ElicitResult } from "@modelcontextprotocol/client";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import { SchemaForm } from "./schema_form.tsx";

/** What a tool asks the person before it goes on (elicitation), one question at a time. */
export function QuestionCard({ host }: { host: Host }) {
  const [question] = useStore(host.questions);
  if (!question) return null;
  const { message, schema, answer } = question;
  return (
    <section class="question" aria-label="A tool asks you">
      <p role="alert" dir="auto">{message}</p>
      <SchemaForm
        key={message}
        schema={schema}
        action={Object.keys(schema.properties).length > 0 ? "Send" : "Yes"}
        onSubmit={(content) =>
          answer({ action: "accept", content: content as NonNullable<ElicitResult["content"]> })}
      >
        <button type="button" class="quiet" onClick={() => answer({ action: "decline" })}>No</button>
      </SchemaForm>
    </section>
  );
}
