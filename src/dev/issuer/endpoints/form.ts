import { boundedText } from "../bounded_text.ts";
import { OAuthError } from "../oauth_error.ts";

const MAX_FORM_BYTES = 16 * 1024;

/** Reads one parameter; `undefined` when it is missing or empty (RFC 6749 §3.1 treats both alike). */
export type Parameters = (name: string) => string | undefined;

/** Single-valued access to decoded parameters. Throws `invalid_request` for a repeated one (RFC 6749 §3.1, §3.2). */
export function parameters(values: URLSearchParams): Parameters {
  const names = [...values.keys()].filter((name) => name !== "resource");
  if (new Set(names).size < names.length) {
    throw new OAuthError("invalid_request", "A parameter was sent more than once.");
  }
  return (name) => values.get(name) || undefined;
}

/** Decodes a form body of at most 16 KiB. Throws `invalid_request` for another media type or size (AST-01). */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/x-www-form-urlencoded") {
    throw new OAuthError("invalid_request", "Send the parameters as application/x-www-form-urlencoded.");
  }
  try {
    return new URLSearchParams(await boundedText(request.body, MAX_FORM_BYTES));
  } catch (cause) {
    if (cause instanceof RangeError) throw new OAuthError("invalid_request", "The request is too large.");
    throw cause;
  }
}
