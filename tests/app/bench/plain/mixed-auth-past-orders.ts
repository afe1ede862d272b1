/** The past orders as a page without framework shows them. */
import { records, texts } from "../../../../src/ui/data.ts";
import { type Dates, datesIn } from "../../../../src/ui/locale.ts";
import { connect, escaped, steps } from "./connect.ts";

/** The drawings, finished, in the order of the list; as many as the widget shows at once. */
declare const drawings: readonly string[];

const SKELETON = `<div class="loading" aria-busy="true">
<div role="status"><h1>Fetching your orders…</h1></div>
<div aria-hidden="true"><ul class="orders">${'<li class="order bone"></li>'.repeat(4)}</ul></div>
</div>`;
const labels: Record<string, string> = {
  delivered: "Delivered",
  preparing: "Preparing",
  refunded: "Refunded",
};

function card(order: Record<string, unknown>, drawing: string, dates: Dates): string {
  const status = String(order.status);
  const placedAt = new Date(String(order.placedAt));
  return `<li class="order">${drawing}
<div class="what">
<h3 dir="auto">${escaped(order.restaurantName)}</h3>
<p class="items" dir="auto">${escaped(texts(order.items).join(", "))}</p>
<p class="when">
<time datetime="${placedAt.toISOString()}" lang="${dates.locale ?? ""}">
<bdi>${dates.relative(placedAt, Date.now())}</bdi><bdi>${dates.absolute(placedAt)}</bdi>
</time>
<span class="location" dir="auto">${escaped(order.location)}</span>
</p>
</div>
<div class="side">
<span class="total" dir="auto">${escaped(order.total)}</span>
<span class="status" data-status="${escaped(status)}">
<span dir="auto">${escaped(labels[status] ?? status)}</span>
</span>
</div>
<div class="act"><button type="button" class="button">Reorder</button></div>
</li>`;
}

connect(SKELETON, (data) => {
  const dates = datesIn({});
  const orders = records(data.orders);
  const months = Map.groupBy(
    drawings.map((drawing, index) => [orders[index] ?? {}, drawing] as const),
    ([{ placedAt }]) => dates.month(new Date(String(placedAt))),
  );
  const sections = Array.from(months, ([month, placed]) =>
    `<section aria-label="${month}">
<h2>${month}</h2>
<ul class="orders">${placed.map(([order, drawing]) => card(order, drawing, dates)).join("")}</ul>
</section>`);
  return `<header class="head">
<div>
<h1>Your pizza orders</h1>
<p class="summary" role="status">1–${drawings.length} of ${orders.length} orders</p>
</div>
<div class="steps">${steps("Later orders", "Earlier orders")}</div>
</header>
${sections.join("")}`;
});
