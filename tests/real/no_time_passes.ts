/** For --preload: a clock by which no time limit of the program is ever up, and which says when Node's timers are used. */
AbortSignal.timeout = () => new AbortController().signal;
globalThis.setTimeout = (() => console.log("A timer of Node's was set")) as unknown as typeof setTimeout;
