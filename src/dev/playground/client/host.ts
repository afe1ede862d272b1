import type { ElicitRequestFormParams, ElicitResult } from "@modelcontextprotocol/client";
import type { AppBridge, McpUiDisplayMode } from "@modelcontextprotocol/ext-apps/app-bridge";
import type { PlaygroundConfig } from "../server/shell.ts";
import { type Account, createAccount, type Person } from "./account.ts";
import type { BridgeLog, LogEntry } from "./bridge_log.ts";
import { connect, type Connection } from "./connection.ts";
import { errorMessage } from "./error_message.ts";
import { createFaults, type Faults } from "./faults.ts";
import { DEFAULT_SETTINGS, hints, type Settings } from "./settings.ts";
import { openSignInWindow, type SignInWindow } from "./sign_in_window.ts";
import { createStore, type Store } from "./store.ts";
import { type Call, createThread, type Entry, type Thread } from "./thread.ts";
import { type Exchange, recordFetch, type WireLog } from "./wire.ts";

/** The state of the page, and everything that can be done to it. */
export interface Host {
  readonly config: PlaygroundConfig;
  readonly settings: Store<Settings>;
  readonly entries: Store<readonly Entry[]>;
  readonly wire: WireLog;
  /** What widgets and this page have said to each other. */
  readonly bridgeLog: BridgeLog;
  /** What each widget has told the model, as JSON, by the id of its call. */
  readonly modelContext: Store<Readonly<Record<number, string | undefined>>>;
  /** The widget that is not shown in the chat, if one is. */
  readonly displayed: Store<Displayed | undefined>;
  readonly account: Account;
  readonly thread: Thread;
  readonly faults: Faults;
  /** What tools ask the person, the oldest first. */
  readonly questions: Store<readonly Question[]>;
  /** The window in which the person is signing in. */
  readonly signInWindow: Store<SignInWindow | undefined>;
  /** What of the page is in view. */
  readonly view: Store<View>;
  /** What the last action led to, for the person. */
  readonly notice: Store<string>;
  /** The open widgets, by the id of their call. */
  readonly widgets: Map<number, AppBridge>;
  /** Shows the widget of a call in a mode, if the widget supports it. Returns the mode that it is shown in then. */
  display(id: number, mode: McpUiDisplayMode): McpUiDisplayMode;
  /** Loads every widget again, with the input and result that it had. */
  reloadWidgets(): Promise<void>;
  /** How often that was done. */
  readonly reloads: Store<number>;
  connection(): Promise<Connection>;
  /** How often the server was started again while the page was open. */
  readonly restarts: Store<number>;
  /** Connects to the server that was started again. The conversation stays. */
  reconnect(): Promise<void>;
  /** Signs in, for the scopes that a call was challenged for if it is given, then repeats every challenged call. */
  signIn(call?: Call): Promise<void>;
  /** Signs in as someone else, then repeats the last call. */
  switchPerson(): Promise<void>;
  signOut(): Promise<void>;
}

/** What of the page is in view. */
export interface View {
  /** Which half narrow screens show. */
  readonly half: "chat" | "inspect";
  /** Tab of the inspector. */
  readonly tab: "Host" | "Tools" | "Log" | "Wire";
  /** Name of the tool whose form was asked for just now. */
  readonly tool?: string;
}

/** Which widget is shown how. */
interface Displayed {
  /** Of its call. */
  readonly id: number;
  readonly mode: Exclude<McpUiDisplayMode, "inline">;
}

const TEARDOWN_MS = 500;

/** A question of a tool that waits for its answer. */
export interface Question {
  readonly message: string;
  readonly schema: ElicitRequestFormParams["requestedSchema"];
  answer(result: ElicitResult): void;
}

/** Puts the host together. */
export function createHost(config: PlaygroundConfig): Host {
  const { resource } = config;
  const settings = createStore<Settings>(DEFAULT_SETTINGS);
  const entries = createStore<readonly Entry[]>([]);
  const wire = createStore<readonly Exchange[]>([]);
  const notice = createStore("");
  const restarts = createStore(0);
  const fetch = recordFetch((input, init) => globalThis.fetch(input, init), wire, () => performance.now());
  const account = createAccount({
    serverUrl: resource,
    redirectUrl: new URL("/playground/callback", resource).href,
    clientName: "Playground",
    fetch,
  });

  const questions = createStore<readonly Question[]>([]);
  function askPerson(
    { message, requestedSchema: schema }: ElicitRequestFormParams,
  ): Promise<ElicitResult> {
    const { promise, resolve } = Promise.withResolvers<ElicitResult>();
    const question: Question = {
      ...{ message, schema },
      answer(result) {
        questions.set(questions.get().filter((other) => other !== question));
        resolve(result);
      },
    };
    questions.set([...questions.get(), question]);
    return promise;
  }

  const connections = new Map<string, Promise<Connection>>();
  function connection(): Promise<Connection> {
    const { era } = settings.get();
    const known = connections.get(era);
    if (known) return known;
    const opening = connect({ url: resource, era, account, fetch, askPerson });
    connections.set(era, opening);
    opening.catch(() => connections.delete(era));
    return opening;
  }

  const widgets = new Map<number, AppBridge>();
  /** A widget is told before it is removed (APPS Notifications), and removed whether it answers or not. */
  async function closeWidget({ id }: Call): Promise<void> {
    await widgets.get(id)?.teardownResource({}, { timeout: TEARDOWN_MS }).catch(() => {});
    widgets.delete(id);
  }

  const displayed = createStore<Displayed | undefined>(undefined);
  function display(id: number, mode: McpUiDisplayMode): McpUiDisplayMode {
    const current = displayed.get();
    const shown = current?.id === id ? current.mode : "inline";
    const declared = widgets.get(id)?.getAppCapabilities()?.availableDisplayModes;
    if (mode !== "inline" && declared?.includes(mode) === false) {
      notice.set(`The widget does not name ${mode} among its availableDisplayModes, so it stays as it is.`);
      return shown;
    }
    if (mode !== "inline") displayed.set({ id, mode });
    else if (shown !== "inline") displayed.set(undefined);
    return mode;
  }

  const reloads = createStore(0);
  const thread = createThread({ entries, connection, closeWidget, hints: () => hints(settings.get()) });
  const calls = () => entries.get().filter((entry) => entry.kind === "call");

  const signInWindow = createStore<SignInWindow | undefined>(undefined);
  async function signInAnd(next: (person: Person) => Promise<unknown>, call?: Call): Promise<void> {
    signInWindow.get()?.close();
    const window = openSignInWindow();
    signInWindow.set(window);
    notice.set("");
    // A newer attempt replaces this one, and is then the only one that has something to say.
    const replaced = () => signInWindow.get() !== window;
    try {
      await account.signIn(window, call?.challenge);
    } catch (error) {
      if (!replaced()) notice.set(errorMessage(error));
      return;
    } finally {
      if (!replaced()) signInWindow.set(undefined);
    }
    const person = account.person.get();
    if (person) await next(person);
  }

  return {
    ...{ config, settings, entries, wire, account, thread, notice, widgets, connection, restarts },
    ...{ signInWindow, questions, displayed, display, reloads },
    view: createStore<View>({ half: "chat", tab: "Host" }),
    bridgeLog: createStore<readonly LogEntry[]>([]),
    modelContext: createStore<Readonly<Record<number, string | undefined>>>({}),
    async reloadWidgets() {
      await Promise.all(calls().map(closeWidget));
      reloads.set(reloads.get() + 1);
    },
    faults: createFaults({ config, account, notice }),
    signIn: (call) =>
      signInAnd(
        () => Promise.all(calls().filter(({ state }) => state === "challenged").map(thread.repeat)),
        call,
      ),
    async switchPerson() {
      const last = calls().at(-1);
      await signInAnd((person) => {
        notice.set(`You are ${person.name} now.`);
        return last ? thread.repeat(last) : Promise.resolve();
      });
    },
    async reconnect() {
      connections.clear();
      restarts.set(restarts.get() + 1);
      await thread.renewWidgets().catch((error) => notice.set(errorMessage(error)));
    },
    async signOut() {
      try {
        await account.signOut();
        notice.set("Signed out: this page has forgotten every token.");
      } catch (error) {
        notice.set(errorMessage(error));
      }
    },
  };
}
