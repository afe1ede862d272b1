import type { ComponentChildren } from "preact";
import { type Dates, text, texts } from "mcp-app/ui";
import { useOrderWords } from "./order_words.ts";
import { Slice } from "./slice.tsx";
import { ToppingDot } from "./topping_dot.tsx";

/**
 * One order as the orders tool describes it, any field of which may be missing; `children` are its actions. The whole
 * card is a button where there is a `choose`.
 */
export function OrderCard(props: {
  order: Record<string, unknown>;
  dates: Dates;
  now: number;
  chosen: boolean;
  choose: (() => void) | undefined;
  children: ComponentChildren;
}) {
  const { order, dates, now } = props;
  const words = useOrderWords();
  const name = text(order.restaurantName) || words.pizzeria;
  const items = texts(order.items);
  const status = text(order.status);
  const placedAt = new Date(text(order.placedAt));
  const dated = !Number.isNaN(placedAt.getTime());
  const picture = (
    <Slice
      Topping={ToppingDot}
      toppings={items.flatMap((item) => item.split(/,|&|\band\b/))}
      seed={name}
    />
  );
  return (
    <li class="order">
      {props.choose
        ? (
          <button
            type="button"
            class="choose"
            aria-pressed={props.chosen}
            aria-label={words.choose(name)}
            onClick={props.choose}
          >
            {picture}
          </button>
        )
        : picture}
      <div class="what">
        <h3 dir="auto">{name}</h3>
        <p class="items" dir="auto">{items.join(", ")}</p>
        <p class="when">
          {dated && (
            <time dateTime={placedAt.toISOString()} lang={dates.locale}>
              <bdi>{dates.relative(placedAt, now)}</bdi>
              <bdi>{dates.absolute(placedAt)}</bdi>
            </time>
          )}
          {text(order.location) && <span class="location" dir="auto">{text(order.location)}</span>}
        </p>
      </div>
      <div class="side">
        <span class="total" dir="auto">{text(order.total)}</span>
        {status && (
          <span class="status" data-status={status}>
            <span dir="auto">{words.status[status] ?? status}</span>
          </span>
        )}
      </div>
      <div class="act">{props.children}</div>
    </li>
  );
}
