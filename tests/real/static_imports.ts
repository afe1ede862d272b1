/**
 * A module of the repository, given from its root, and what it imports before it runs, directly or not.
 * A built-in module is given as `node:crypto`.
 */
export async function staticImports(path: string): Promise<string[]> {
  const root = new URL(`../../${path}`, import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", root] }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const imports = new Map(modules.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.flatMap(({ isDynamic, code }) => isDynamic || !code?.specifier ? [] : [code.specifier]),
  ]));
  const found = new Set([root]);
  for (const specifier of found) imports.get(specifier)?.forEach((next) => found.add(next));
  return [...found];
}

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier?: string };
  }[];
}
