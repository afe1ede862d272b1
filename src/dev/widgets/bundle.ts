/** Bundles one browser entry, a script or a style sheet, to one minified text. Throws when it does not bundle. */
export async function bundle(entry: URL): Promise<string> {
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [entry.href],
    platform: "browser",
    minify: true,
    write: false,
  });
  const output = outputFiles?.[0];
  if (!success || !output) {
    throw new Error(`Cannot bundle ${entry.href}: ${errors.map(({ text }) => text).join("; ")}`);
  }
  return output.text().trim();
}
