import { Step, text, texts, useOpenLink } from "mcp-app/ui";
import { hash } from "./hash.ts";
import { usePlaceWords } from "./place_words.ts";
import { Slice } from "./slice.tsx";
import { ToppingArt } from "./topping_art.tsx";

/** Whether a topping is the one that was searched for: "mushroom" finds "wild mushrooms". */
export function isSearched(topping: string, term: string): boolean {
  const [a, b] = [topping.toLowerCase(), term.toLowerCase()];
  return b !== "" && (a.includes(b) || b.includes(a));
}

/** One pizzeria as the search tool describes it, any field of which may be missing. */
export function PlaceCard({ place, term }: { place: Record<string, unknown>; term: string }) {
  const words = usePlaceWords();
  const openLink = useOpenLink();
  const name = text(place.name) || words.pizzeria;
  const map = text(place.map);
  const toppings = texts(place.toppings);
  const rating = typeof place.rating === "number" ? place.rating.toFixed(1) : "";
  const where = [text(place.neighborhood), text(place.price)].filter(Boolean);
  return (
    <li class="place">
      <div class="art" data-tint={hash(name) % 5}>
        <Slice toppings={toppings} Topping={ToppingArt} seed={name} />
        {place.orderedBefore === true && <span class="ribbon">{words.orderedBefore}</span>}
        {openLink && /^https:\/\//.test(map) && (
          <div class="map">
            <Step
              label={words.map(name)}
              path="M10 18S4 12 4 8a6 6 0 0 1 12 0c0 4-6 10-6 10zM10 8h.1"
              onClick={() => void openLink(map).catch(() => {})}
            />
          </div>
        )}
      </div>
      <div class="body">
        <div class="title">
          <h2 dir="auto">{name}</h2>
          {rating && (
            <span class="rating">
              <svg viewBox="0 0 20 20" aria-hidden="true">
                <path d="M10 1.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L1.5 7.7l5.9-.8z" />
              </svg>
              <span class="unseen">{words.rated}</span> {rating}
            </span>
          )}
        </div>
        {where.length > 0 && <p class="where" dir="auto">{where.join(" · ")}</p>}
        <p class="blurb" dir="auto">{text(place.blurb)}</p>
        <ul class="toppings" aria-label={words.toppings}>
          {toppings.slice(0, 6).map((topping) => (
            isSearched(topping, term)
              ? (
                <li class="found">
                  <strong dir="auto">{topping}</strong>
                  <span class="unseen">{words.asSearched}</span>
                </li>
              )
              : <li dir="auto">{topping}</li>
          ))}
        </ul>
      </div>
    </li>
  );
}
