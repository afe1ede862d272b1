import type { EmbeddedResource, ReadResourceResult, ResourceLink } from "@modelcontextprotocol/client";

type Contents = ReadResourceResult["contents"][number];

const MAX_FILES = 10;
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Saves what a widget asks to download.
 *
 * @param read Reads a resource of the server, which a link names.
 * @throws Error with a sentence for the person, before anything is saved.
 */
export async function download(
  blocks: readonly (EmbeddedResource | ResourceLink)[],
  read: (uri: string) => Promise<readonly Contents[]>,
): Promise<void> {
  if (blocks.length > MAX_FILES) {
    throw new Error(`The widget offers ${blocks.length} files at once; at most ${MAX_FILES} are saved.`);
  }
  const contents: Contents[] = [];
  for (const block of blocks) {
    contents.push(...block.type === "resource" ? [block.resource] : await read(block.uri));
  }
  const files = contents.map((item) => {
    const content = "text" in item ? item.text : Uint8Array.fromBase64(item.blob);
    return new File([content], nameOf(item.uri));
  });
  if (files.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) {
    throw new Error(`The widget's files are larger than ${MAX_BYTES / 1024 ** 2} MB, so none was saved.`);
  }
  for (const file of files) {
    const href = URL.createObjectURL(file);
    Object.assign(document.createElement("a"), { href, download: file.name }).click();
    // The browser has taken hold of the file by then.
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
}

/** The last segment of an address, of characters that every file system takes. */
function nameOf(uri: string): string {
  const name = uri.split(/[?#]/)[0]?.split("/").at(-1) ?? "";
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "").slice(-100) || "download";
}
