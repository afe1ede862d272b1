import { anyone, defineApp, definePrompt, defineResource, mixed, signedIn } from "../../src/mod.ts";
import type { Principal } from "../../src/auth/principal.ts";
import { tool } from "../tiny_app.ts";

/** By the word in the names of what has this access. */
const ACCESS = { open: anyone(), mixed: mixed("notes:read"), closed: signedIn("notes:read") };

/** An access level of {@linkcode accessApp}. */
export type Level = keyof typeof ACCESS;

const greet = (caller: Principal | undefined) => `for ${caller?.subject ?? "nobody"}`;

/** One thing of each kind at each access level; everything says whom it was done for. */
export const accessApp = defineApp({
  ...{ name: "access", title: "Access", version: "1.0.0", instructions: "For tests." },
  scopes: { "notes:read": "Read your notes" },
  open() {
    const levels = Object.entries(ACCESS);
    return {
      tools: levels.map(([level, access]) =>
        tool(`${level}_tool`, (_, { caller }) => ({ data: { answer: greet(caller) }, text: "Done" }), access)
      ),
      resources: levels.flatMap(([level, access]) => [
        defineResource({
          ...{ name: `${level}_resource`, title: level, description: "For tests.", access },
          uri: `test://${level}`,
          read: ({ caller }) => ({ text: greet(caller) }),
        }),
        defineResource({
          ...{ name: `${level}_template`, title: level, description: "For tests.", access },
          uriTemplate: `test://${level}/{id}`,
          complete: { id: (_, { caller }) => [greet(caller)] },
          read: ({ caller }) => ({ text: greet(caller) }),
        }),
      ]),
      prompts: levels.map(([level, access]) =>
        definePrompt({
          ...{ name: `${level}_prompt`, title: level, description: "For tests.", access },
          get: (_, { caller }) => greet(caller),
        })
      ),
    };
  },
});
