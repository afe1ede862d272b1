import type { Access } from "./access.ts";

/** One entry of `resources/list`, and whoever answers `resources/read` for it. */
export interface Resource {
  readonly access: Access;
  /** As listed; `uri` is the current address. */
  readonly descriptor: { readonly uri: string; readonly name: string } & Record<string, unknown>;
  /** Open to everyone, and never changes while the server runs, so that its answer can be remembered. */
  readonly fixed?: boolean;
  /** Whether this resource answers for the URI, which may be an older address of it. */
  matches(uri: string): boolean;
  /** The `contents` item without its `uri`. */
  read(): Record<string, unknown> & ({ readonly text: string } | { readonly blob: string });
}
