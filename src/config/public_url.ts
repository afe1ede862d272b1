import * as z from "zod";
import { isLoopback } from "../net/loopback.ts";

/** An https URL, or http on loopback, without query and fragment; kept byte for byte (AUTH-29, PRM-08). */
export const publicUrl = z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
  message: "write an absolute URL such as https://auth.example.com",
  abort: true,
}).refine((value) => new URL(value).protocol === "https:" || isLoopback(new URL(value).hostname), {
  message: "use https; http is only for localhost, 127.0.0.1 and [::1]",
}).refine((value) => !/[?#]/.test(value), { message: "remove the query and the fragment" })
  .refine((value) => new URL(value).username === "" && new URL(value).password === "", {
    message: "remove user and password",
    abort: true,
  });

/**
 * The URL of an MCP endpoint, in the one spelling that clients get from their URL parser, since they compare it byte
 * for byte (PRM-05), and without a slash at the end.
 */
export const endpointUrl = publicUrl.refine((value) => !value.endsWith("/"), {
  message: "remove the slash at the end",
  abort: true,
}).refine((value) => value === normalized(value), {
  error: ({ input }) => `clients will spell it differently: write ${normalized(String(input))}`,
  abort: true,
}).refine((value) => isRoutable(new URL(value).pathname), {
  message: "write a path without : and *, whose %-encoding is valid UTF-8",
});

function normalized(url: string): string {
  return new URL(url).href.replace(/\/$/, "");
}

/** The router gives `:` and `*` a meaning of their own, encoded or not. */
function isRoutable(path: string): boolean {
  try {
    return !/[:*]/.test(decodeURI(path));
  } catch {
    return false;
  }
}
