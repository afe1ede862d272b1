import type { Tool } from "@modelcontextprotocol/client";
import { useEffect, useState } from "preact/hooks";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import { errorMessage } from "../error_message.ts";
import { SchemaForm } from "./schema_form.tsx";

/** Every tool of the server with a form made from its input schema. */
export function ToolsPanel({ host }: { host: Host }) {
  const { era } = useStore(host.settings);
  const person = useStore(host.account.person);
  const restarts = useStore(host.restarts);
  const [tools, setTools] = useState<readonly Tool[]>([]);
  const [problem, setProblem] = useState("");
  const view = useStore(host.view);

  useEffect(() => {
    host.connection().then(
      ({ tools }) => {
        setTools(tools);
        setProblem("");
      },
      (error) => setProblem(errorMessage(error)),
    );
  }, [era, person, restarts]);

  useEffect(() => {
    const form = view.tool === undefined ? null : document.getElementById(`tool-${view.tool}`);
    if (!(form instanceof HTMLDetailsElement)) return;
    form.open = true;
    form.querySelector("summary")?.focus();
    form.scrollIntoView({ block: "nearest" });
  }, [view]);

  if (problem) return <p role="alert">{problem}</p>;
  return (
    <>
      {tools.map((tool) => (
        <details class="tool" key={tool.name} id={`tool-${tool.name}`}>
          <summary>
            <strong>{tool.title ?? tool.name}</strong>
            <span class="tag">{access(tool)}</span>
            <code>{tool.name}</code>
          </summary>
          <p class="small">{tool.description}</p>
          <SchemaForm schema={tool.inputSchema} onSubmit={(args) => host.thread.call(tool, args)} />
        </details>
      ))}
    </>
  );
}

/** The tool's `securitySchemes` in words (OAI-01). */
function access(tool: Tool): string {
  const schemes = tool._meta?.["securitySchemes"];
  const types = Array.isArray(schemes) ? schemes.map(({ type }) => type) : [];
  if (!types.includes("oauth2")) return "open";
  return types.includes("noauth") ? "better signed in" : "sign-in";
}
