/** For --preload: a clock by which no time limit of the program is ever up. */
AbortSignal.timeout = () => new AbortController().signal;
