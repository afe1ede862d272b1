/** Writes dates as a person's host does. */
export interface Dates {
  /** Undefined when the browser's own is used. */
  readonly locale: string | undefined;
  /** "August 2026" */
  month(date: Date): string;
  /** "Aug 15, 2026, 6:32 PM" */
  absolute(date: Date): string;
  /** "3 days ago", in the largest unit that still says enough. @param now Milliseconds since the epoch. */
  relative(date: Date, now: number): string;
}

const day = 86_400;
const steps: readonly [limit: number, seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3_600, 60, "minute"],
  [day, 3_600, "hour"],
  [14 * day, day, "day"],
  [60 * day, 7 * day, "week"],
  [730 * day, 30.44 * day, "month"],
  [Infinity, 365.25 * day, "year"],
];

/** For the host's locale and time zone, each left to the browser when it is missing or not one that Intl knows. */
export function datesIn(context: { readonly locale?: unknown; readonly timeZone?: unknown }): Dates {
  const locale = isKnown(context.locale, (locale) => [locale]) ? context.locale : undefined;
  const timeZone = isKnown(context.timeZone, (timeZone) => [undefined, { timeZone }])
    ? context.timeZone
    : undefined;
  // Made once, because making one takes longer than using it twenty times.
  const months = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
  const spans = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    locale,
    month: (date) => months.format(date),
    absolute: (date) => moments.format(date),
    relative(date, now) {
      const seconds = (date.getTime() - now) / 1000;
      const [, length, unit] = steps.find(([limit]) => Math.abs(seconds) < limit) ?? [0, day, "day"];
      return spans.format(Math.round(seconds / length), unit);
    },
  };
}

type FormatOptions = ConstructorParameters<typeof Intl.DateTimeFormat>;

function isKnown(value: unknown, optionsWith: (value: string) => FormatOptions): value is string {
  if (typeof value !== "string") return false;
  try {
    new Intl.DateTimeFormat(...optionsWith(value));
    return true;
  } catch {
    return false;
  }
}
