import { SdkHttpError } from "@modelcontextprotocol/client";
import { z } from "zod";
import { Challenged } from "./challenge.ts";

/** The bodies of failed requests: a JSON-RPC error, the result of a tool call, an OAuth error, or our own routes'. */
const FailureBody = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ result: z.object({ content: z.tuple([z.object({ text: z.string() })], z.unknown()) }) })
    .transform(({ result }) => result.content[0].text),
  z.object({ error_description: z.string() }).transform((body) => body.error_description),
  z.object({ error: z.string() }).transform(({ error }) => error),
]);

/** What went wrong, as a sentence for people: the server's own where it sent one. */
export function errorMessage(error: unknown): string {
  if (error instanceof Challenged) {
    return "This server asks everyone to sign in first. Use Sign in above, then ask again.";
  }
  if (error instanceof SdkHttpError) {
    if (error.status === 401) {
      return "The server refused a new token as well. Its keys may be about to change: try again in half a minute.";
    }
    return sentenceIn(error.data.text) ??
      `The server answered ${error.status} without a reason. See its log.`;
  }
  // The SDK's discovery throws a plain Error.
  if (error instanceof Error && /^HTTP 5\d\d/.test(error.message)) {
    return "The authorization server does not answer. Try again when it is back.";
  }
  return error instanceof Error ? error.message : String(error);
}

function sentenceIn(body: unknown): string | undefined {
  try {
    return FailureBody.safeParse(JSON.parse(String(body))).data;
  } catch {
    return undefined;
  }
}
