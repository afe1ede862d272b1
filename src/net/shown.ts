const MAX_LENGTH = 200;

/**
 * A value from outside as it may stand in a message: at most 200 characters, none of which is a control or format
 * character, or half of one.
 */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "nothing";
  const start = text.slice(0, MAX_LENGTH).replace(/\p{C}/gu, "?");
  return text.length > MAX_LENGTH ? `${start}…` : start;
}
