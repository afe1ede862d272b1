import { anyone, defineApp, defineTool, defineWidget, signedIn, ToolError } from "mcp-app";
import * as z from "zod";
import { widgets } from "./widgets.gen.ts";

const getTime = defineTool({
  name: "get_time",
  title: "Time",
  description: "Tells the time in any time zone. Use it when the person asks what time it is somewhere.",
  access: anyone(),
  input: z.strictObject({
    timeZone: z.string().max(64).default("UTC").describe('An IANA time zone, such as "Europe/Berlin".'),
  }),
  output: z.object({ timeZone: z.string(), time: z.string() }),
  invoking: "Looking at the clock",
  invoked: "Looked at the clock",
  // Reads a clock and reaches nothing else.
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  run({ timeZone }) {
    if (!Intl.supportedValuesOf("timeZone").concat("UTC").includes(timeZone)) {
      throw new ToolError(`There is no time zone "${timeZone}". Use a name such as Europe/Berlin.`);
    }
    const time = new Date().toLocaleTimeString("en", { timeZone, timeStyle: "short" });
    return { data: { timeZone, time }, text: `It is ${time} in ${timeZone}.` };
  },
});

const getProfile = defineTool({
  name: "get_profile",
  title: "Your profile",
  description: "Shows who is signed in. Use it when the person asks which account is connected.",
  access: signedIn("profile:read"),
  widget: defineWidget({
    page: widgets.profile,
    title: "Your profile",
    description: "A card with the account that is signed in. Do not repeat it in words.",
  }),
  input: z.strictObject({}),
  output: z.object({ subject: z.string(), scopes: z.array(z.string()) }),
  invoking: "Looking up your account",
  invoked: "Looked up your account",
  // Reads the caller's own token and reaches nothing else.
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  run(_, { caller }) {
    const data = { subject: caller.subject, scopes: [...caller.scopes] };
    return { data, text: `Signed in as ${data.subject}, with ${data.scopes.join(" and ")}.` };
  },
});

export default defineApp({
  name: "starter",
  title: "Starter",
  version: "0.1.0",
  instructions:
    "Tells the time, and who is signed in. get_time works for everyone; get_profile needs sign-in.",
  scopes: { "profile:read": "See your profile" },
  playground: { prompts: ["What time is it in Tokyo?", "Who am I?"] },
  open: () => ({ tools: [getTime, getProfile] }),
});
