/** Formats dates as the host does. */
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

/** For the host's locale and time zone, each left to the browser when it is missing or unknown to Intl. */
export function datesIn(context: { readonly locale?: unknown; readonly timeZone?: unknown }): Dates {
  const locale = knownLocale(context.locale);
  const timeZone = known(context.timeZone, (timeZone) => new Intl.DateTimeFormat(undefined, { timeZone }));
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

/** The value when it is a well-formed BCP 47 tag, else undefined. */
export function knownLocale(value: unknown): string | undefined {
  return known(value, (locale) => new Intl.Locale(locale));
}

const rightToLeftScripts = /^(Adlm|Arab|Hebr|Mand|Nkoo|Rohg|Samr|Syrc|Thaa)$/;

/** The direction in which a locale is written. (`Intl.Locale.getTextInfo` is missing in some browsers.) */
export function directionOf(locale: string): "ltr" | "rtl" {
  return rightToLeftScripts.test(new Intl.Locale(locale).maximize().script ?? "") ? "rtl" : "ltr";
}

function known(value: unknown, parse: (value: string) => unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  try {
    parse(value);
    return value;
  } catch {
    return undefined;
  }
}
