/**
 * `deno task dev`: the server and the builds of widgets and playground, each of which starts again when one of its files
 * changes. A signal ends all of them.
 */
const TASKS = ["dev:widgets", "dev:playground", "dev:server"];

if (import.meta.main) {
  const children = TASKS.map((task) =>
    new Deno.Command(Deno.execPath(), { args: ["task", "--quiet", task], stdin: "null" }).spawn()
  );
  let ending = false;
  // SIGINT is the only signal that ends a watcher as well as the program that it runs.
  const end = () => {
    ending = true;
    for (const child of children) {
      try {
        child.kill("SIGINT");
      } catch {
        // It has ended already.
      }
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(signal, end);
  const { code } = await Promise.race(children.map(({ status }) => status));
  const asked = ending;
  end();
  await Promise.all(children.map(({ status }) => status));
  Deno.exit(asked ? 0 : code);
}
