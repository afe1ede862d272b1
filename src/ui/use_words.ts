import { knownLocale } from "./locale.ts";
import { useView } from "./widget.tsx";

/** Words that are the same in every widget. */
export type CommonWords = Readonly<Record<keyof typeof ENGLISH, string>>;

/** They are in English unless a widget brings its own. */
export const ENGLISH = {
  tryAgain: "Try again",
  askAgain: "Ask again",
  late: "It is slow, or it was lost when the page was loaded again.",
  unchanged: "Nothing was changed.",
  noReason: "The server gave no reason.",
  signIn: "Sign in",
  asked: "Asked in the chat.",
  /** Before what to say in the chat */
  say: "Say in the chat: ",
};

/**
 * Of several translations the one in the host's language, else the first.
 *
 * @param translations Each says which language it is in.
 */
export function useWords<T extends { readonly lang: string }>(...translations: readonly [T, ...T[]]): T {
  const locale = knownLocale(useView().context.locale) ?? "en";
  const { language } = new Intl.Locale(locale);
  return translations.find(({ lang }) => lang === language) ?? translations[0];
}
