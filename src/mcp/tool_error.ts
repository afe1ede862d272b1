/** Something went wrong that the caller can do something about; the message says what. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}
