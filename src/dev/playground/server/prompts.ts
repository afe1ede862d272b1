/** What the playground offers to say. Yours to change together with your tools. */
export const PROMPTS: readonly string[] = [
  "Find pepperoni pizza",
  "Show my past orders",
];
