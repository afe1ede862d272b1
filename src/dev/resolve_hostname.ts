import { lookup } from "node:dns/promises";

/** Addresses of a host name, all of them so that each can be checked. Rejects when there are none. */
export type ResolveHostname = (hostname: string) => Promise<string[]>;

/** Asks the system's resolver. */
export const resolveHostname: ResolveHostname = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);
