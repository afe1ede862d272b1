/** Runs every benchmark, one after another; fails when one of them missed a target. */
const scripts = ["main.ts", "start_bench.ts", "orders_bench.ts", "dev_issuer_bench.ts", "widget_bench.ts"];

if (import.meta.main) {
  let missed = 0;
  for (const script of scripts) {
    console.log(`\n${script}`);
    const args = ["run", "--allow-all", new URL(script, import.meta.url).href];
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (!success) missed++;
  }
  Deno.exit(missed > 0 ? 1 : 0);
}
