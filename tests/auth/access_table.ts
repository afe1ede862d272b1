/** What a request brings to show who sends it. */
export const TOKENS = [
  ...["none", "garbage", "expired", "not yet valid", "of another issuer", "for another resource"] as const,
  ...["without the scope", "good", "good, while the issuer is down"] as const,
];
/** Who may use what the request aims at. */
export const POLICIES = ["anyone()", "mixed(scope)", "signedIn(scope)"] as const;

/** What becomes of a request. */
export type Outcome =
  | "served as nobody"
  | "served as the person"
  | "asked to sign in"
  | "asked for the scope"
  | "token refused"
  | "told to try again";

/** The whole policy: every token at every access level, whatever the host, the era and the method. */
export const EXPECTED: Readonly<
  Record<typeof TOKENS[number], Readonly<Record<typeof POLICIES[number], Outcome>>>
> = {
  none: row("served as nobody", "served as nobody", "asked to sign in"),
  garbage: always("token refused"),
  expired: always("token refused"),
  "not yet valid": always("token refused"),
  "of another issuer": always("token refused"),
  "for another resource": always("token refused"),
  "without the scope": row("served as nobody", "served as nobody", "asked for the scope"),
  good: row("served as nobody", "served as the person", "served as the person"),
  "good, while the issuer is down": always("told to try again"),
};

/** On the wire. */
export const ON_THE_WIRE: Readonly<
  Record<Outcome, {
    readonly status: number;
    /** `error` of the challenge in `WWW-Authenticate`; null is a challenge without one, undefined no challenge. */
    readonly challenge?: string | null;
    readonly retryAfter?: true;
    readonly words?: RegExp;
  }>
> = {
  "served as nobody": { status: 200 },
  "served as the person": { status: 200 },
  // In a tool's result with 200 where the host is ChatGPT, or AUTH_CHALLENGE=result (conflict C1).
  "asked to sign in": { status: 401, challenge: null, words: /^Sign in to use / },
  "asked for the scope": { status: 403, challenge: "insufficient_scope", words: /needs a permission/ },
  "token refused": { status: 401, challenge: "invalid_token", words: /[Tt]oken/ },
  "told to try again": { status: 503, retryAfter: true, words: /Try again soon/ },
};

function row(anyone: Outcome, mixed: Outcome, signedIn: Outcome) {
  return { "anyone()": anyone, "mixed(scope)": mixed, "signedIn(scope)": signedIn };
}

function always(outcome: Outcome) {
  return row(outcome, outcome, outcome);
}

/** The table in Markdown, for the README: `deno run tests/auth/access_table.ts`. */
export function accessTable(): string {
  const cells = (token: typeof TOKENS[number]) =>
    POLICIES.map((policy) => {
      const outcome = EXPECTED[token][policy];
      return `${outcome} (${ON_THE_WIRE[outcome].status})`;
    });
  const rows = [
    ["token", ...POLICIES.map((policy) => `\`${policy}\``)],
    ["---", ...POLICIES.map(() => "---")],
    ...TOKENS.map((token) => [token, ...cells(token)]),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

if (import.meta.main) console.log(accessTable());
