/** The places as a page without framework shows them. */
import { records, texts } from "../../../../src/ui/data.ts";
import { hash } from "../../../../widgets/parts/hash.ts";
import { connect, escaped, steps } from "./connect.ts";

/** The drawings, finished, in the order of the list. */
declare const drawings: readonly string[];

const SKELETON = `<div class="loading" aria-busy="true">
<div role="status"><h1>Looking for pizza…</h1></div>
<div aria-hidden="true"><ul class="carousel">${'<li class="place bone"></li>'.repeat(4)}</ul></div>
</div>`;
const STAR = "M10 1.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L1.5 7.7l5.9-.8z";

function card(place: Record<string, unknown>, drawing: string): string {
  const toppings = texts(place.toppings).map((topping) => `<li dir="auto">${escaped(topping)}</li>`);
  return `<li class="place">
<div class="art" data-tint="${hash(String(place.name)) % 5}">${drawing}</div>
<div class="body">
<div class="title">
<h2 dir="auto">${escaped(place.name)}</h2>
<span class="rating"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="${STAR}"></path></svg>
<span class="unseen">Rated</span> ${Number(place.rating).toFixed(1)}</span>
</div>
<p class="where" dir="auto">${escaped(place.neighborhood)} · ${escaped(place.price)}</p>
<p class="blurb" dir="auto">${escaped(place.blurb)}</p>
<ul class="toppings" aria-label="Toppings">${toppings.join("")}</ul>
</div>
</li>`;
}

connect(SKELETON, (data) => {
  const places = records(data.places);
  return `<header class="head">
<div><h1>Pizza in San Francisco</h1><p class="summary">${places.length} places</p></div>
${steps("Previous places", "Next places")}
</header>
<ul class="carousel" tabindex="0" aria-label="Pizza places">
${places.map((place, index) => card(place, drawings[index] ?? "")).join("")}
</ul>`;
});
