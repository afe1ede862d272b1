/** How a person's host writes dates. */
export interface DateStyle {
  readonly locale: string | undefined;
  readonly timeZone: string | undefined;
}

/** The host's locale and time zone, each left to the browser when it is missing or not one that Intl knows. */
export function dateStyle(context: { readonly locale?: unknown; readonly timeZone?: unknown }): DateStyle {
  const known = (options: [string | undefined, Intl.DateTimeFormatOptions]) => {
    try {
      new Intl.DateTimeFormat(...options);
      return true;
    } catch {
      return false;
    }
  };
  const locale = typeof context.locale === "string" && known([context.locale, {}])
    ? context.locale
    : undefined;
  const zone = context.timeZone;
  const timeZone = typeof zone === "string" && known([undefined, { timeZone: zone }]) ? zone : undefined;
  return { locale, timeZone };
}

/** "August 2026" */
export function monthOf(date: Date, { locale, timeZone }: DateStyle): string {
  return date.toLocaleDateString(locale, { month: "long", year: "numeric", timeZone });
}

/** "Aug 15, 2026, 6:32 PM" */
export function absolute(date: Date, { locale, timeZone }: DateStyle): string {
  return date.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
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

/** "3 days ago", in the largest unit that still says enough. */
export function relative(date: Date, now: number, { locale }: DateStyle): string {
  const seconds = (date.getTime() - now) / 1000;
  const [, length, unit] = steps.find(([limit]) => Math.abs(seconds) < limit) ?? [0, day, "day"];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(seconds / length), unit);
}
