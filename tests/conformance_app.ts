import { z } from "zod";
import { anyone, defineApp, definePrompt, defineResource } from "../src/mod.ts";

/** One red dot. */
const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
);
const access = anyone();
const title = "For the conformance suite";
const description = "What a scenario of the official conformance suite asks for.";

/** An app with what the official conformance suite looks for, by the names that it uses. */
export default defineApp({
  ...{ name: "conformance", title: "Conformance", version: "1.0.0", instructions: "For tests." },
  scopes: {},
  open: () => ({ tools: [], resources, prompts }),
});

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
];
