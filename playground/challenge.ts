import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client";

/** What the server asks for before it does what it was asked. */
export interface Challenge {
  /** Where it stood: the status of the answer, or a tool result as ChatGPT reads it. */
  readonly source: "401" | "403" | "result";
  /** The challenge as sent, beginning with `Bearer`. */
  readonly header: string;
  readonly error?: string;
  readonly description?: string;
  /** Space-separated. */
  readonly scope?: string;
  readonly resourceMetadataUrl?: URL;
}

/** Reads the value of a `WWW-Authenticate` header or of one `mcp/www_authenticate` entry. */
export function readChallenge(source: Challenge["source"], header: string): Challenge {
  const response = new Response(null, { headers: { "www-authenticate": header } });
  const { error, errorDescription, scope, resourceMetadataUrl } = extractWWWAuthenticateParams(response);
  return {
    source,
    header,
    ...(error !== undefined && { error }),
    ...(errorDescription !== undefined && { description: errorDescription }),
    ...(scope !== undefined && { scope }),
    ...(resourceMetadataUrl !== undefined && { resourceMetadataUrl }),
  };
}

/** The challenge in a tool result that says to sign in (OAI-05). */
export function challengeIn(
  result: { isError?: boolean | undefined; _meta?: Record<string, unknown> | undefined },
) {
  if (!result.isError) return undefined;
  const [header] = [result._meta?.["mcp/www_authenticate"]].flat();
  return typeof header === "string" ? readChallenge("result", header) : undefined;
}

/** A call that has to wait for the person. */
export class Challenged extends Error {
  override readonly name = "Challenged";

  constructor(readonly challenge: Challenge) {
    super(challenge.description ?? "The server asks to sign in.");
  }
}
