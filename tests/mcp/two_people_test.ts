import assert from "node:assert/strict";
import { z } from "zod";
import { defineTool, signedIn } from "../../src/mod.ts";
import { createTestServer } from "../../src/dev/testing/mod.ts";
import { type Era, rpc, type RpcAnswer } from "../support.ts";
import { tinyApp } from "../tiny_app.ts";
import { createUpstream, UPSTREAM } from "../upstream.ts";

const CALLS = 10_000;
/** Calls in flight at the same time. */
const LANES = 40;
const SEED = 20_261_124;
const CAN_ASK = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };
const PEOPLE = ["ada", "grace"] as const;
type Person = typeof PEOPLE[number];

/** Asks the person, calls an API as them, and reports on both. */
const send = (fetch: typeof globalThis.fetch) =>
  defineTool({
    name: "send",
    title: "Send a parcel",
    description: "For tests.",
    access: signedIn("notes:write"),
    ...{ upstream: true, progress: true, confirmedBy: "sure" },
    input: z.strictObject({ parcel: z.string(), sure: z.boolean().optional() }),
    output: z.object({ parcel: z.string(), caller: z.string(), owner: z.string() }),
    ...{ invoking: "Sending", invoked: "Sent" },
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
    async run({ parcel }, { caller, confirm, progress, tokenFor }) {
      progress(1, 2, `${caller.subject}: looking at ${parcel}`);
      await confirm(`${caller.subject}: send ${parcel}?`);
      const { accessToken } = await tokenFor({ resource: UPSTREAM, scopes: ["notes:write"] });
      const answer = await fetch(UPSTREAM, { headers: { authorization: `Bearer ${accessToken}` } });
      const { owner } = await answer.json();
      progress(2, 2, `${caller.subject}: sent ${parcel}`);
      return { data: { parcel, caller: caller.subject, owner }, text: `${owner} sent ${parcel}` };
    },
  });

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets the answers of an API out in an order that has nothing to do with that of the questions. */
function shuffling(random: () => number, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const waiting: (() => void)[] = [];
  const release = () => waiting.splice(Math.floor(random() * waiting.length), 1)[0]?.();
  return async (...request) => {
    const turn = new Promise<void>((resolve) => waiting.push(resolve));
    setTimeout(release, 0);
    await turn;
    return await fetch(...request);
  };
}

type Message = RpcAnswer & {
  readonly params?: { readonly message?: string; readonly progressToken?: string };
  readonly result?: RpcAnswer["result"] & {
    readonly requestState?: string;
    readonly inputRequests?: { readonly confirm: { readonly params: { readonly message: string } } };
  };
};

function messagesOf(text: string): Message[] {
  if (!text.includes("data: ")) return [JSON.parse(text)];
  return [...text.matchAll(/^data: (.+)$/gm)].map(([, data = ""]) => JSON.parse(data));
}

Deno.test("10,000 interleaved calls of two people never mix progress, questions, upstream tokens and results (issue 10)", async () => {
  const random = numbers(SEED);
  const upstream = Promise.withResolvers<Pick<ReturnType<typeof createUpstream>, "fetch">>();
  const api: typeof globalThis.fetch = async (input, init) =>
    await (await upstream.promise).fetch(new Request(input, init));
  const fetch = shuffling(random, api);
  await using server = await createTestServer(tinyApp([send(fetch)]), {
    env: { RATE_LIMIT_PER_MINUTE: "1000000" },
    now: () => 1_790_000_000_000,
  });
  upstream.resolve(createUpstream({
    issuer: server.issuer.issuer,
    jwksUri: `${server.issuer.issuer}/jwks.json`,
    fetch: server.issuer.fetch,
    now: () => 1_790_000_000_000,
  }));
  const tokens = { ada: "", grace: "" };
  for (const person of PEOPLE) tokens[person] = await server.accessToken({ person });
  const wrong: string[] = [];
  const seen = { results: 0, questions: 0, reports: 0, refused: 0 };

  async function ask(era: Era, person: Person, parcel: string, params: Record<string, unknown>) {
    const meta = { progressToken: parcel, ...(era === "modern" && CAN_ASK) };
    const request = rpc(era, "tools/call", { name: "send", ...params }, {
      ...{ token: tokens[person], meta, id: parcel },
    });
    const response = await server.fetch(new Request(server.resource, request));
    const text = await response.text();
    const other = PEOPLE.find((one) => one !== person)!;
    if (text.includes(`${other}:`) || text.includes(`${other} sent`)) wrong.push(`${person} saw ${text}`);
    return messagesOf(text);
  }

  /** One call, up to its result; the question is answered by whoever asked, and now and then first by the other. */
  async function call(number: number): Promise<void> {
    const person = PEOPLE[Math.floor(random() * 2)]!;
    const era = random() < 0.5 ? "legacy" : "modern";
    const parcel = `parcel-${number}`;
    const modern = era === "modern";
    const args = { parcel, ...(!modern && { sure: true }) };
    const answers = await ask(era, person, parcel, { arguments: args });
    if (modern) {
      const { requestState, inputRequests } = answers.at(-1)?.result ?? {};
      if (inputRequests?.confirm.params.message !== `${person}: send ${parcel}?`) {
        wrong.push(`${person} was asked ${JSON.stringify(inputRequests)}`);
      }
      seen.questions++;
      const yes = {
        ...{ arguments: args, requestState },
        inputResponses: { confirm: { action: "accept", content: {} } },
      };
      if (random() < 0.1) {
        const other = PEOPLE.find((one) => one !== person)!;
        const [stolen] = (await ask("modern", other, parcel, yes)).slice(-1);
        if (stolen?.result?.structuredContent) wrong.push(`${other} answered for ${person}`);
        seen.refused++;
      }
      answers.push(...await ask("modern", person, parcel, yes));
    }
    const expected = { parcel, caller: person, owner: person };
    const last = answers.at(-1);
    if (last?.id !== parcel || !matches(last.result?.structuredContent, expected)) {
      wrong.push(`${person} got ${JSON.stringify(last)}`);
    }
    seen.results++;
    for (const { params } of answers) {
      if (!params) continue;
      seen.reports++;
      if (params.progressToken !== parcel || !params.message?.endsWith(parcel)) {
        wrong.push(`${parcel} was told ${JSON.stringify(params)}`);
      }
    }
  }

  let next = 0;
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next < CALLS && wrong.length === 0) await call(next++);
  }));
  assert.deepEqual(wrong, []);
  assert.equal(seen.results, CALLS);
  assert.ok(seen.questions > CALLS / 3 && seen.refused > CALLS / 50 && seen.reports >= 2 * CALLS);
});

function matches(content: unknown, expected: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(content) === JSON.stringify(expected);
}
