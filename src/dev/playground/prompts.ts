/** What the playground offers to say. Yours to change: a prompt that no tool fits is not shown. */
export const PROMPTS: readonly string[] = [
  "Find pepperoni pizza",
  "Show my past orders",
];
