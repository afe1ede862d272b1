import { type Challenge, readChallenge } from "./challenge.ts";
import type { Exchange } from "./wire.ts";

/** What happened, and the rule behind it. */
export interface Note {
  readonly text: string;
  readonly rule: { readonly name: string; readonly url: string };
}

const rfc = (number: number, section: string) => ({
  name: `RFC ${number}, ${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});
const MCP = {
  name: "MCP authorization",
  url: "https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization",
};
const MCP_TRANSPORT = {
  name: "MCP transports",
  url: "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports",
};
const OPENAI = { name: "OpenAI, authentication", url: "https://developers.openai.com/apps-sdk/build/auth" };

/** A challenge in words. */
export function explainChallenge({ source, error, scope, resourceMetadataUrl }: Challenge): Note[] {
  const notes: Note[] = [];
  if (source === "result") {
    notes.push({
      text:
        "The answer is a tool result that is an error and carries the challenge: ChatGPT offers its sign-in when it sees one.",
      rule: OPENAI,
    });
  } else if (error === undefined) {
    notes.push({
      text:
        "No token was sent, so the server answers 401 and names no error: nothing is wrong, it only needs to know who is calling.",
      rule: rfc(6750, "3.1"),
    });
  }
  if (source === "401" && error === "invalid_token") {
    notes.push({
      text:
        "The token that was sent is not valid any more, so the host tries to refresh it before it asks the person.",
      rule: rfc(6750, "3.1"),
    });
  }
  if (error === "insufficient_scope") {
    notes.push({
      text: `The token is valid, but it does not allow this. The host asks the person for ${
        scope ?? "more"
      }, and keeps what was allowed before.`,
      rule: MCP,
    });
  }
  if (resourceMetadataUrl) {
    notes.push({
      text:
        `resource_metadata names the document that lists the authorization servers: ${resourceMetadataUrl.pathname}`,
      rule: rfc(9728, "5.1"),
    });
  }
  return notes;
}

/** The purpose of an exchange, in a few words. */
export function titleOf({ method: verb, url, request: { body } }: Exchange): string {
  const path = new URL(url).pathname;
  if (path.includes("/.well-known/oauth-protected-resource")) return "Read the resource metadata";
  if (path.includes("/.well-known/")) return "Read the authorization server metadata";
  if (path.endsWith("/register")) return "Register as a client";
  if (path.endsWith("/revoke")) return "Sign out";
  if (path.endsWith("/userinfo")) return "Read who signed in";
  if (path.endsWith("/token")) {
    return body.includes("grant_type=refresh_token") ? "Refresh the tokens" : "Redeem the code for tokens";
  }
  const method = /"method": "([^"]+)"/.exec(body)?.[1] ?? `${verb} ${path}`;
  const name = /"name": "([^"]+)"/.exec(body)?.[1];
  return method === "tools/call" && name ? `${method} ${name}` : method;
}

/** The rules behind an exchange. */
export function explainExchange(exchange: Exchange): Note[] {
  const { answer, url, request } = exchange;
  const path = new URL(url).pathname;
  if (path.includes("/.well-known/oauth-protected-resource")) {
    return [{ text: "The server names itself and its authorization servers.", rule: rfc(9728, "3.2") }];
  }
  if (path.includes("/.well-known/")) {
    return [{
      text: "The authorization server names its endpoints and what it can do.",
      rule: rfc(8414, "3.2"),
    }];
  }
  if (path.endsWith("/register")) {
    return [{
      text: "The host registers as a client, since the server does not know it yet.",
      rule: rfc(7591, "3.1"),
    }];
  }
  if (path.endsWith("/revoke")) {
    return [{ text: "The grant ends: its refresh token does not work any more.", rule: rfc(7009, "2.1") }];
  }
  if (request.body.includes("grant_type=authorization_code")) {
    return [{
      text: "The verifier proves that the code is redeemed by the client that asked for it.",
      rule: rfc(7636, "4.5"),
    }];
  }
  if (request.body.includes("grant_type=refresh_token")) {
    return [{ text: "The refresh token gets new tokens without asking the person.", rule: rfc(6749, "6") }];
  }
  if (!answer) return [];
  if (answer.status === 405) {
    return [{
      text: "The server offers no event stream and says so, which the protocol allows.",
      rule: MCP_TRANSPORT,
    }];
  }
  if (answer.status === 503) {
    return [{
      text:
        "The token could not be checked, which does not make it bad: 503, and the person stays signed in.",
      rule: MCP,
    }];
  }
  const header = answer.headers.find(([name]) => name === "www-authenticate")?.[1];
  if (header === undefined) return [];
  if (answer.status === 200) return explainChallenge(readChallenge("result", header));
  return explainChallenge(readChallenge(answer.status === 403 ? "403" : "401", header));
}
