import { type CallToolResult, extractWWWAuthenticateParams } from "@modelcontextprotocol/client";

/** What the server needs before it serves a request. */
export interface Challenge {
  /** Where it was found: with which status, or in a tool result, where ChatGPT looks for it. */
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

/** A call was challenged. */
export class Challenged extends Error {
  override readonly name = "Challenged";

  /** @param outcome The challenge, and the tool result that held it, if one did. */
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
