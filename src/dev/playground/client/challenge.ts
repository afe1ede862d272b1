import { type CallToolResult, extractWWWAuthenticateParams } from "@modelcontextprotocol/client";

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

/** A call that has to wait for the person. */
export class Challenged extends Error {
  override readonly name = "Challenged";

  /** @param outcome What is asked for, and the result that asked for it, if it was one. */
  constructor(readonly outcome: { readonly challenge: Challenge; readonly result?: CallToolResult }) {
    super(outcome.challenge.description ?? "The server asks to sign in.");
  }
}

/** @throws Challenged for a tool result that says to sign in (OAI-05). */
export function checkResult(result: CallToolResult): void {
  const [header] = result.isError ? [result._meta?.["mcp/www_authenticate"]].flat() : [];
  if (typeof header === "string") {
    throw new Challenged({ challenge: readChallenge("result", header), result });
  }
}
