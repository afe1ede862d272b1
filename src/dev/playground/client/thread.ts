import type { CallToolResult, Progress, Tool } from "@modelcontextprotocol/client";
import { type Challenge, Challenged } from "./challenge.ts";
import { chooseTool } from "./choose_tool.ts";
import type { Connection, WidgetResource } from "./connection.ts";
import { errorMessage } from "./error_message.ts";
import type { Store } from "./store.ts";

/** Something said, by the person or by a widget in the person's name. */
export interface Said {
  readonly kind: "said";
  readonly id: number;
  readonly by: "person" | "widget" | "host";
  readonly text: string;
  /** The tool that it sends the person to. */
  readonly tool?: Tool;
}

/** A tool call and its outcome. */
export interface Call {
  readonly kind: "call";
  readonly id: number;
  readonly tool: Tool;
  readonly args: Record<string, unknown>;
  readonly state: "running" | "done" | "challenged" | "failed";
  /** The last that the server has said while it runs. */
  readonly progress?: Progress;
  /** Whether it has asked the person something while it runs. */
  readonly asks?: boolean;
  readonly result?: CallToolResult;
  readonly widget?: WidgetResource | undefined;
  readonly challenge?: Challenge;
  /** Why it failed, for the person. */
  readonly problem?: string;
}

/** What the thread shows, oldest first. */
export type Entry = Said | Call;

/** A conversation whose calls go to the server. */
export interface Thread {
  say(text: string, by?: Said["by"]): Promise<void>;
  call(tool: Tool, args: Record<string, unknown>): Promise<void>;
  /** Repeats a call in its place. */
  repeat(call: Call): Promise<void>;
  /** Shows the same results in the widgets that the server has now. */
  renewWidgets(): Promise<void>;
  /** Shows a widget's call that was challenged; resolves with its result once the person has signed in for it. */
  wait(tool: Tool, args: Record<string, unknown>, challenged: Challenged): Promise<CallToolResult>;
}

/** Keeps the conversation in `entries`. @param connection The current connection. */
export function createThread(
  { entries, connection, closeWidget, hints }: {
    readonly entries: Store<readonly Entry[]>;
    readonly connection: () => Promise<Connection>;
    readonly closeWidget: (call: Call) => Promise<void>;
    readonly hints: () => Record<string, unknown>;
  },
): Thread {
  const waiting = new Map<number, (result: CallToolResult) => void>();
  let lastId = 0;

  function add(entry: Omit<Said, "id"> | Omit<Call, "id">): Entry {
    const added = { ...entry, id: ++lastId } as Entry;
    entries.set([...entries.get(), added]);
    return added;
  }

  async function run(call: Call): Promise<void> {
    const { kind, id, tool, args } = call;
    const become = (outcome: Pick<Call, "state"> & Partial<Call>) =>
      entries.set(
        entries.get().map((entry) => entry.id === id ? { kind, id, tool, args, ...outcome } : entry),
      );
    await closeWidget(call);
    become({ state: "running" });
    try {
      const server = await connection();
      const onprogress = (progress: Progress) => become({ state: "running", progress });
      const onquestion = () => become({ state: "running", asks: true });
      const result = await server.call(tool.name, args, hints(), onprogress, onquestion);
      become({ state: "done", result, widget: await server.widgetOf(tool) });
      waiting.get(id)?.(result);
      waiting.delete(id);
    } catch (error) {
      if (error instanceof Challenged) become({ state: "challenged", ...error.outcome });
      else become({ state: "failed", problem: errorMessage(error) });
    }
  }

  async function call(tool: Tool, args: Record<string, unknown>): Promise<void> {
    await run(add({ kind: "call", tool, args, state: "running" }) as Call);
  }

  return {
    call,
    repeat: run,
    async renewWidgets() {
      const server = await connection();
      for (const call of entries.get()) {
        if (call.kind !== "call" || !call.widget) continue;
        const tool = server.tools.find(({ name }) => name === call.tool.name);
        const widget = tool && await server.widgetOf(tool);
        if (!widget || widget.uri === call.widget.uri) continue;
        await closeWidget(call);
        entries.set(entries.get().map((entry) => entry === call ? { ...call, tool, widget } : entry));
      }
    },
    wait(tool, args, { outcome }) {
      const { id } = add({ kind: "call", tool, args, state: "challenged", ...outcome });
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async say(text, by = "person") {
      add({ kind: "said", by, text });
      try {
        const choice = chooseTool((await connection()).tools, text);
        if (!choice) {
          const text = "No tool of this server fits. Name one, or fill in its form.";
          add({ kind: "said", by: "host", text });
        } else if (choice.changes) {
          const { tool } = choice;
          const text = `${tool.title ?? tool.name} changes something: call it in Tools.`;
          add({ kind: "said", by: "host", text, tool });
        } else await call(choice.tool, choice.args);
      } catch (error) {
        add({ kind: "said", by: "host", text: errorMessage(error) });
      }
    },
  };
}
