import { text, texts } from "mcp-app/ui";
import { hash } from "./hash.ts";
import { Slice } from "./slice.tsx";

/** Whether a topping is the one that was searched for: "mushroom" finds "wild mushrooms". */
export function isSearched(topping: string, term: string): boolean {
  const [a, b] = [topping.toLowerCase(), term.toLowerCase()];
  return b !== "" && (a.includes(b) || b.includes(a));
}

/** One pizzeria as the search tool describes it, any field of which may be missing. */
export function PlaceCard({ place, term }: { place: Record<string, unknown>; term: string }) {
  const name = text(place.name) || "A pizzeria";
  const toppings = texts(place.toppings);
  const rating = typeof place.rating === "number" ? place.rating.toFixed(1) : "";
  const where = [text(place.neighborhood), text(place.price)].filter(Boolean);
  return (
    <li class="place">
      <div class="art" data-tint={hash(name) % 5}>
        <Slice toppings={toppings} seed={name} />
        {place.orderedBefore === true && <span class="ribbon">You ordered here</span>}
      </div>
      <div class="body">
        <div class="title">
          <h2 dir="auto">{name}</h2>
          {rating && (
            <span class="rating">
              <svg viewBox="0 0 20 20" aria-hidden="true">
                <path d="M10 1.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L1.5 7.7l5.9-.8z" />
              </svg>
              <span class="unseen">Rated</span> {rating}
            </span>
          )}
        </div>
        {where.length > 0 && <p class="where" dir="auto">{where.join(" · ")}</p>}
        <p class="blurb" dir="auto">{text(place.blurb)}</p>
        <ul class="toppings" aria-label="Toppings">
          {toppings.slice(0, 6).map((topping) => (
            isSearched(topping, term)
              ? (
                <li class="found">
                  <strong dir="auto">{topping}</strong>
                  <span class="unseen">, as searched</span>
                </li>
              )
              : <li dir="auto">{topping}</li>
          ))}
        </ul>
      </div>
    </li>
  );
}
