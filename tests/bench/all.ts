/**
 * Runs every benchmark, one after another; fails when one of them missed a target. `--quick` runs the one of the server
 * with few rounds, to see that it works: its figures say little.
 */
const SCRIPTS = [
  "main.ts",
  "dev_issuer_bench.ts",
  "../app/bench/store_bench.ts",
  "../app/bench/orders_bench.ts",
  "../app/bench/widget_bench.ts",
];

if (import.meta.main) {
  let missed = 0;
  for (const script of Deno.args.includes("--quick") ? SCRIPTS.slice(0, 1) : SCRIPTS) {
    console.log(`\n${script}`);
    const args = ["run", "--allow-all", new URL(script, import.meta.url).href, ...Deno.args];
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (!success) missed++;
  }
  Deno.exit(missed > 0 ? 1 : 0);
}
