/**
 * The notes app in a process of its own, as `main.ts` is the sample's. Its one variable keeps its default, because
 * `-P=serve` lets nothing be read but what `deno.json` lists.
 */
import { main } from "../../main.ts";
import notes from "../notes_app.ts";

await main({ ...notes, env: {}, open: (deps) => notes.open({ ...deps, env: { NOTES_LIMIT: 1_000 } }) });
