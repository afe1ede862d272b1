import { SdkHttpError } from "@modelcontextprotocol/client";
import { Challenged } from "./challenge.ts";

/** A sentence about what went wrong, the server's own words where it had some. */
export function describe(error: unknown): string {
  if (error instanceof Challenged) {
    return "This server asks everyone to sign in first. Use Sign in above, then ask again.";
  }
  if (error instanceof SdkHttpError && error.status === 401) {
    return "The server refused a new token as well. Its keys may be about to change: try again in half a minute.";
  }
  if (error instanceof Error && /^HTTP 5\d\d/.test(error.message)) {
    return "The authorization server does not answer. Try again when it is back.";
  }
  const text = error instanceof SdkHttpError ? error.data.text : undefined;
  const sentence = typeof text === "string"
    ? /"(?:message|error_description|error)":\s*"([^"]+)"/.exec(text)?.[1]
    : undefined;
  return sentence ?? (error instanceof Error ? error.message : String(error));
}
