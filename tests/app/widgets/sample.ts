import { samples } from "../../../widgets/samples.ts";
import type { HostMessage } from "../../../src/ui/mod.ts";

/**
 * What a host sends to a widget to bring it into a state.
 *
 * @throws Error at once when there is no such sample, where a widget that got nothing would be waited for until the end.
 */
export function sample(widget: string, state: string): readonly HostMessage[] {
  const messages = samples()[widget]?.[state];
  if (!messages) throw new Error(`There is no sample "${state}" of the widget ${widget}.`);
  return messages;
}
