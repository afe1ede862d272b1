import { bundle } from "../../src/dev/widgets/bundle.ts";

/** The policy a host must apply to a resource that declares no origins (MCP Apps, "Restrictive Default"). */
export const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; media-src 'self' data:; connect-src 'none'; frame-src 'none'; object-src 'none'";

/** The page of `host.ts`, which shows no widget yet. */
export async function hostPage(): Promise<string> {
  const script = await bundle(new URL("./host.ts", import.meta.url));
  return `<!doctype html><style>html { overflow-y: scroll } body { margin: 0 } iframe { width: 100%; border: 0 }</style>
<body><script type="module">${script.replaceAll("</script", "<\\/script")}</script>`;
}
