import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";
import { getLogger } from "@logtape/logtape";
import assert from "node:assert/strict";
import { type AppDeps, joinApp } from "../../src/mcp/app.ts";
import { createDispatch, type DispatchOptions } from "../../src/mcp/dispatch.ts";
import { createSeal } from "../../src/mcp/confirm.ts";
import { createGate } from "../../src/mcp/gate.ts";
import { parseMessages } from "../../src/mcp/json_rpc.ts";
import { LEGACY_REVISIONS, plainRequest } from "../../src/mcp/dispatch.ts";
import { createRefuse } from "../../src/mcp/refusal.ts";
import { createSdkLane } from "../../src/mcp/sdk_lane.ts";
import { Deadline } from "../../src/net/deadline.ts";
import { ERAS, rpc, type RpcOptions, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const definition = tinyApp([
  tool("echo", () => ({ data: { answer: "yes" }, text: "yes" })),
  tool("asking", async (_, { confirm }) => {
    await confirm("Sure?");
    return { data: { answer: "yes" }, text: "yes" };
  }),
  tool("broken", () => {
    throw new Error("on purpose");
  }),
]);
const app = joinApp(definition, await definition.open({} as AppDeps<never>));
const onFailure = () => {};
const serverInfo = { name: app.name, title: app.title, version: app.version };
const refuse = createRefuse({ serverInfo, challenge: () => "Bearer", mode: "auto" });
const options: DispatchOptions = {
  app,
  serverInfo,
  gate: createGate(app, "needed"),
  onFailure,
  log: getLogger(["mcp"]),
  seal: createSeal(undefined),
  keepAliveMs: 15_000,
};

/** What both ways answer to the same request, and whether the short way would take it. */
async function both(request: Request) {
  const body = await request.clone().json();
  const messages = parseMessages(body);
  const answers = [createDispatch(options), createSdkLane(options)].map(async (dispatch) => {
    const response = await dispatch({
      request: request.clone(),
      body,
      messages,
      principal: undefined,
      deadline: new Deadline(),
      refuse: (refusal) => refuse(request, messages, refusal),
    });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: await response.json(),
    };
  });
  const [short, sdk] = await Promise.all(answers);
  return { short, sdk, plain: plainRequest(request.headers, body, messages[0]!) !== undefined };
}

const UI = { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } };
const capabilities = (value: unknown) => ({ "io.modelcontextprotocol/clientCapabilities": value });
const info = (value: unknown) => ({ "io.modelcontextprotocol/clientInfo": value });

const PLAIN: Record<string, RpcOptions> = {
  "with nothing special": {},
  "with a text as id": { id: "seven" },
  "with hints and a progress token": { meta: { "openai/locale": "fr", progressToken: 7 } },
};
const PLAIN_MODERN: Record<string, RpcOptions> = {
  "of a client with widgets": {
    meta: capabilities({ extensions: UI, elicitation: { form: {} }, sampling: {} }),
  },
  "of a client that says its name": { meta: info({ name: "test", version: "1", title: "Test" }) },
};
const ODD: Record<string, RpcOptions> = {
  "with a fraction as id": { id: 1.5 },
  "with a progress token that is none": { meta: { progressToken: {} } },
  "with capabilities that are none": { meta: capabilities({ sampling: 5 }) },
  "with capabilities deep down that are none": {
    meta: capabilities({ elicitation: { form: { applyDefaults: "yes" } } }),
  },
  "with a name that is none": { meta: info({ name: 5, version: "1" }) },
  "about a task that is none": { meta: { "io.modelcontextprotocol/related-task": "1" } },
  "with headers of another revision": { headers: { "mcp-protocol-version": "1999-01-01" } },
  "with another name in the header": { headers: { "mcp-name": "broken" } },
};

for (const era of ERAS) {
  for (const [kind, extra] of Object.entries({ ...PLAIN, ...(era === "modern" && PLAIN_MODERN) })) {
    for (const name of ["echo", "broken"]) {
      Deno.test(`a call of ${name} ${kind} is answered as the SDK would, ${era}`, async () => {
        const { short, sdk, plain } = await both(toolCall(era, name, {}, extra));
        assert.ok(plain);
        assert.deepEqual(short, sdk);
      });
    }
  }
  for (const [kind, extra] of Object.entries(ODD)) {
    Deno.test(`a call ${kind} is left to the SDK where it matters to it, ${era}`, async () => {
      const { short, sdk } = await both(toolCall(era, "echo", {}, extra));
      assert.deepEqual(short, sdk);
    });
  }
}

Deno.test("a question to the person is put as the SDK would (issue 10 part 1)", async () => {
  const meta = capabilities({ elicitation: { form: {} } });
  const { short, sdk, plain } = await both(toolCall("modern", "asking", {}, { meta }));
  assert.ok(plain);
  for (const answer of [short, sdk]) {
    assert.equal(typeof answer?.body.result.requestState, "string");
    answer!.body.result.requestState = "sealed";
  }
  assert.deepEqual(short, sdk);
});

for (const method of ["constructor", "toString", "__proto__"]) {
  Deno.test(`the method ${method} is as unknown as any other`, async () => {
    const { short, sdk } = await both(rpc("legacy", method));
    assert.equal(short?.body.error.code, -32601);
    assert.deepEqual(short, sdk);
  });
}

Deno.test("an unknown tool is left to the SDK", async () => {
  const { short, sdk } = await both(toolCall("legacy", "nothing"));
  assert.deepEqual(short, sdk);
});

Deno.test("the revisions of the legacy era are those of the SDK", () => {
  assert.deepEqual(
    LEGACY_REVISIONS,
    SUPPORTED_PROTOCOL_VERSIONS.filter((revision) => revision < "2026-07-28"),
  );
});
