import type { Access, CallerOf } from "./access.ts";

/** What the reading of a resource, a prompt or a completion is told besides what was asked for. */
export interface RequestContext<A extends Access = Access> {
  /** From the verified token; its type follows the access level. */
  readonly caller: CallerOf<A>;
  /** Fires when the caller has gone or the time is up. */
  readonly signal: AbortSignal;
}

/**
 * Proposes values for an argument of a prompt, or a variable of a URI template, the best first. What is sent is bounded
 * to 100 (specification: Completion).
 *
 * @param value What has been typed so far: any text, of at most 1,000 characters.
 */
export type Complete<A extends Access, Name extends string> = (
  value: string,
  context: RequestContext<A> & {
    /** Other arguments that have their values already. */
    readonly arguments: Readonly<Partial<Record<Name, string>>>;
  },
) => readonly string[] | Promise<readonly string[]>;

/** Completes the arguments of a prompt or the variables of a URI template. */
export interface Completion {
  /** All of them, with or without anything that completes them. */
  readonly names: readonly string[];
  /** Whether anything is completed at all. */
  readonly completes: boolean;
  complete(
    name: string,
    value: string,
    context: RequestContext & { readonly arguments: Readonly<Record<string, string>> },
  ): Promise<readonly string[]>;
}

/** Joins what completes each of some arguments. */
export function createCompletion<A extends Access, Name extends string>(
  names: readonly string[],
  complete?: Readonly<Partial<Record<Name, Complete<A, Name>>>>,
): Completion {
  const completers = new Map(Object.entries(complete ?? {}) as [string, Complete<A, Name>][]);
  return {
    names,
    completes: completers.size > 0,
    async complete(name, value, { arguments: given, caller, signal }) {
      const others = Object.fromEntries(
        names.filter((other) => Object.hasOwn(given, other)).map((other) => [other, given[other]!]),
      ) as Partial<Record<Name, string>>;
      const context = { arguments: others, caller: caller as CallerOf<A>, signal };
      return await completers.get(name)?.(value, context) ?? [];
    },
  };
}
