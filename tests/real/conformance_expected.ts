/**
 * What the official conformance suite cannot see pass here, by revision and scenario, and why. A scenario that passes
 * must not stand here, and one that fails or warns must.
 */
export const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "2025-11-25": {
    ...each(
      [
        "tools-call-sampling",
        "tools-call-elicitation",
        "elicitation-sep1034-defaults",
        "elicitation-sep1330-enums",
      ],
      "In this revision the server asks the client in a request of its own, amid a session. Without sessions any " +
        "machine can answer any request; clients of 2026-07-28 are asked.",
    ),
    ...each(
      ["logging-set-level", "tools-call-with-logging"],
      "Log messages to clients need a session that remembers their level. They are optional, not declared, and " +
        "deprecated since; operators have the server's log.",
    ),
    ...each(
      ["resources-subscribe", "resources-unsubscribe"],
      "Subscriptions need a session. They are optional and not declared.",
    ),
    ...each(
      ["server-session-lifecycle", "server-sse-multiple-streams", "server-sse-polling"],
      "A warning or nothing at all: they look for a session id, which is optional, and which a stateless server does " +
        "not give out.",
    ),
  },
  "2026-07-28": {
    "input-required-result-ignore-extra-params":
      "A warning: it sends an answer without the sealed state of the question. Such an answer could have been made " +
      "up for another person or other arguments, so the question is put again.",
    "http-custom-header-server-validation":
      "Not scored: it looks for a tool with x-mcp-header, which is optional. No argument here is repeated in a " +
      "header (TRN-18).",
    ...each(
      [
        "tasks-lifecycle",
        "tasks-capability-negotiation",
        "tasks-wire-fields",
        "tasks-request-state-removal",
        "tasks-mrtr-input",
        "tasks-request-headers",
        "tasks-dispatch-and-envelope",
        "tasks-status-notifications",
        "tasks-required-task-error",
        "tasks-mrtr-composition",
      ],
      "Not scored: tasks are an extension, which is not offered and not declared.",
    ),
  },
};

function each(scenarios: readonly string[], reason: string): Record<string, string> {
  return Object.fromEntries(scenarios.map((scenario) => [scenario, reason]));
}
