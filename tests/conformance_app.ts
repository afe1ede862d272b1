import { z } from "zod";
import { anyone, defineApp, definePrompt, defineResource, defineTool, ToolError } from "../src/mod.ts";
import type { ToolContent, ToolContext } from "../src/mod.ts";

/** One red dot. */
const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
);
/** A sound of no samples. */
const WAV = Uint8Array.fromBase64("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=");
const access = anyone();
const title = "For the conformance suite";
const description = "What a scenario of the official conformance suite asks for.";

/** An app with what the official conformance suite looks for, by the names that it uses. */
export default defineApp({
  ...{ name: "conformance", title: "Conformance", version: "1.0.0", instructions: "For tests." },
  scopes: {},
  open: () => ({ tools, resources, prompts }),
});

type Run = (context: ToolContext<typeof access>) => Outcome | Promise<Outcome>;
type Outcome = string | { readonly text: string; readonly content: readonly ToolContent[] };

/** A tool that says something, or shows it. */
function tool(name: string, run: Run, input = z.strictObject({})) {
  return defineTool({
    ...{ name, title, description, access, input },
    output: z.object({}),
    progress: true,
    ...{ invoking: "Running", invoked: "Done" },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    async run(_, context) {
      const outcome = await run(context);
      return { data: {}, ...(typeof outcome === "string" ? { text: outcome } : outcome) };
    },
  });
}

type Field = { readonly type: "string" } | { readonly type: "boolean" };

/** A form with one field. */
function form(message: string, name: string, field: Field = { type: "string" }) {
  return {
    method: "elicitation/create" as const,
    params: {
      message,
      requestedSchema: { type: "object" as const, properties: { [name]: field }, required: [name] },
    },
  };
}

function sample(text: string) {
  const messages = [{ role: "user" as const, content: { type: "text" as const, text } }];
  return { method: "sampling/createMessage" as const, params: { messages, maxTokens: 100 } };
}

const roots = { method: "roots/list" as const };
const image = { type: "image", data: PNG, mimeType: "image/png" } as const;

const tools = [
  tool("test_simple_text", () => "This is a simple text response for testing."),
  tool("test_image_content", () => ({ text: "A red dot.", content: [image] })),
  tool("test_audio_content", () => ({
    text: "Silence.",
    content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
  })),
  tool("test_embedded_resource", () => ({
    text: "A resource.",
    content: [{
      type: "resource",
      resource: {
        uri: "test://embedded-resource",
        mimeType: "text/plain",
        text: "This is an embedded resource content.",
      },
    }],
  })),
  tool("test_multiple_content_types", () => ({
    text: "Multiple content types test:",
    content: [image, {
      type: "resource",
      resource: {
        uri: "test://mixed-content-resource",
        mimeType: "application/json",
        text: `{"test":"data","value":123}`,
      },
    }],
  })),
  tool("test_error_handling", () => {
    throw new ToolError("This tool intentionally returns an error for testing");
  }),
  tool("test_tool_with_progress", ({ progress }) => {
    for (const done of [0, 50, 100]) progress(done, 100);
    return "Done.";
  }),
  tool("test_logging_tool", ({ log }) => {
    log.info("A record for the operator.");
    return "Logged.";
  }),
  tool("json_schema_2020_12_tool", () => "Checked.", contact()),
  tool("test_missing_capability", async ({ requestInput }) => {
    await requestInput({ answer: sample("Anything.") });
    return "Answered.";
  }),
  tool("test_streaming_elicitation", async ({ requestInput }) => {
    await requestInput({ user_name: form("What is your name?", "name") });
    return "Answered.";
  }),
  tool("test_input_required_result_elicitation", async ({ requestInput }) => {
    const { user_name } = await requestInput({ user_name: form("What is your name?", "name") });
    return `Hello, ${user_name.kind === "elicit" ? user_name.content?.["name"] : "nobody"}!`;
  }),
  tool("test_input_required_result_sampling", async ({ requestInput }) => {
    const { capital_question } = await requestInput({
      capital_question: sample("What is the capital of France?"),
    });
    return JSON.stringify(capital_question);
  }),
  tool("test_input_required_result_list_roots", async ({ requestInput }) => {
    const { client_roots } = await requestInput({ client_roots: roots });
    return JSON.stringify(client_roots);
  }),
  tool("test_input_required_result_request_state", async ({ requestInput }) => {
    await requestInput({ confirm: form("Please confirm", "ok", { type: "boolean" }) });
    return "state-ok";
  }),
  tool("test_input_required_result_tampered_state", async ({ requestInput }) => {
    await requestInput({ confirm: form("Please confirm", "ok", { type: "boolean" }) });
    return "state-ok";
  }),
  tool("test_input_required_result_multiple_inputs", async ({ requestInput }) => {
    const answers = await requestInput({
      user_name: form("What is your name?", "name"),
      greeting: sample("Generate a greeting"),
      client_roots: roots,
    });
    return JSON.stringify(answers);
  }),
  tool("test_input_required_result_multi_round", async ({ requestInput }) => {
    const { step1 } = await requestInput({ step1: form("Step 1: What is your name?", "name") });
    const { step2 } = await requestInput({ step2: form("Step 2: What is your favorite color?", "color") });
    return JSON.stringify({ step1, step2 });
  }),
  tool("test_input_required_result_capabilities", async ({ client, requestInput }) => {
    const capabilities = client?.capabilities ?? {};
    const answers = await requestInput<string>({
      ...(capabilities["elicitation"] !== undefined && { user_name: form("What is your name?", "name") }),
      ...(capabilities["sampling"] !== undefined && { greeting: sample("Generate a greeting") }),
    });
    return JSON.stringify(answers);
  }),
];

/** Arguments with every kind of keyword that JSON Schema 2020-12 has and an older draft lacks. */
function contact() {
  const address = z.object({ street: z.string().optional(), city: z.string().optional() })
    .meta({ id: "address", $anchor: "addressDef" });
  return z.strictObject({
    name: z.string().optional(),
    address: address.optional(),
    contactMethod: z.enum(["phone", "email"]).optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
  }).meta({
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    then: { required: ["phone"] },
    else: { required: ["email"] },
  });
}

const resources = [
  defineResource({
    ...{ name: "static-text", title, description, access },
    uri: "test://static-text",
    mimeType: "text/plain",
    read: () => ({ text: "This is the content of the static text resource." }),
  }),
  defineResource({
    ...{ name: "static-binary", title, description, access },
    uri: "test://static-binary",
    mimeType: "image/png",
    read: () => ({ blob: PNG }),
  }),
  defineResource({
    ...{ name: "template", title, description, access },
    uriTemplate: "test://template/{id}/data",
    mimeType: "application/json",
    read: ({ params: { id } }) => ({
      text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
    }),
  }),
];

const prompts = [
  definePrompt({
    ...{ name: "test_simple_prompt", title, description, access },
    get: () => "This is a simple prompt for testing.",
  }),
  definePrompt({
    ...{ name: "test_prompt_with_arguments", title, description, access },
    arguments: z.strictObject({
      arg1: z.string().describe("First test argument"),
      arg2: z.string().describe("Second test argument"),
    }),
    complete: { arg1: (value) => ["paris", "park", "party"].filter((word) => word.startsWith(value)) },
    get: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  }),
  definePrompt({
    ...{ name: "test_prompt_with_embedded_resource", title, description, access },
    arguments: z.strictObject({ resourceUri: z.string().describe("URI of the resource to embed") }),
    get: ({ resourceUri: uri }) => [
      {
        role: "user",
        content: {
          type: "resource",
          resource: { uri, mimeType: "text/plain", text: "Embedded resource content for testing." },
        },
      },
      { role: "user", content: { type: "text", text: "Please process the embedded resource above." } },
    ],
  }),
  definePrompt({
    ...{ name: "test_prompt_with_image", title, description, access },
    get: () => [
      { role: "user", content: { type: "image", data: PNG, mimeType: "image/png" } },
      { role: "user", content: { type: "text", text: "Please analyze the image above." } },
    ],
  }),
  definePrompt({
    ...{ name: "test_input_required_result_prompt", title, description, access },
    async get(_, { requestInput }) {
      const { user_context } = await requestInput({
        user_context: form("What context should the prompt use?", "context"),
      });
      return JSON.stringify(user_context);
    },
  }),
];
