import { readBounded, TooLarge } from "../../../net/read_bounded.ts";
import { OAuthError } from "../oauth_error.ts";

const MAX_BODY_BYTES = 16 * 1024;
const BODY_TIMEOUT_MS = 10_000;

/** Reads request bodies of at most 16 KiB that arrive within ten seconds, and no longer than the caller is there. */
export interface ReadBody {
  /** A form. Throws `invalid_request` (AST-01). */
  form(request: Request): Promise<URLSearchParams>;
  /** Client metadata. Throws `invalid_client_metadata` (REG-03). */
  json(request: Request): Promise<unknown>;
}

/** Reads bodies; `timeout` gives the signal for their deadline. */
export function createReadBody(timeout: (ms: number) => AbortSignal): ReadBody {
  async function read(
    request: Request,
    mediaType: string,
    code: "invalid_request" | "invalid_client_metadata",
  ): Promise<string> {
    const sent = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (sent !== mediaType) throw new OAuthError(code, `Send the body as ${mediaType}.`);
    const ended = AbortSignal.any([request.signal, timeout(BODY_TIMEOUT_MS)]);
    try {
      return new TextDecoder().decode(await readBounded(request.body, MAX_BODY_BYTES, ended));
    } catch (error) {
      if (error instanceof TooLarge) throw new OAuthError(code, "The body is larger than 16 KiB.");
      // Whether the time is up or the connection broke, it is not this server's fault.
      throw new OAuthError(code, "The body did not arrive within ten seconds.", { status: 408 });
    }
  }

  return {
    form: async (request) =>
      new URLSearchParams(await read(request, "application/x-www-form-urlencoded", "invalid_request")),
    async json(request) {
      const text = await read(request, "application/json", "invalid_client_metadata");
      try {
        return JSON.parse(text);
      } catch {
        throw new OAuthError("invalid_client_metadata", "The metadata is not JSON.");
      }
    },
  };
}

/** Returns one parameter; `undefined` when it is missing or empty (RFC 6749 §3.1 treats both alike). */
export type Parameters = (name: string) => string | undefined;

/** Single-valued access to decoded parameters. Throws `invalid_request` for a repeated one (RFC 6749 §3.1, §3.2). */
export function parameters(values: URLSearchParams): Parameters {
  const names = [...values.keys()].filter((name) => name !== "resource");
  if (new Set(names).size < names.length) {
    throw new OAuthError("invalid_request", "A parameter was sent more than once.");
  }
  return (name) => values.get(name) || undefined;
}

/** A parameter that must be there. Throws `invalid_request`. */
export function required(parameter: Parameters, name: string): string {
  const value = parameter(name);
  if (value === undefined) throw new OAuthError("invalid_request", `Send the ${name}.`);
  return value;
}
