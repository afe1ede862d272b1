/** Something went wrong that the caller can do something about; the message says what. */
export class ToolError extends Error {
  override readonly name = "ToolError";

  /** @param meta The result's `_meta`, such as a challenge. */
  constructor(message: string, readonly meta?: Readonly<Record<string, unknown>>) {
    super(message);
  }
}
