import type { ComponentChildren } from "preact";
import { text, texts } from "../../src/ui/data.ts";
import type { Dates } from "../dates.ts";
import { Slice } from "./slice.tsx";

const labels: Readonly<Record<string, string>> = {
  delivered: "Delivered",
  preparing: "Preparing",
  refunded: "Refunded",
};

/** One order as the orders tool describes it, any field of which may be missing; `children` are its actions. */
export function OrderCard(props: {
  order: Record<string, unknown>;
  dates: Dates;
  now: number;
  children: ComponentChildren;
}) {
  const { order, dates, now } = props;
  const name = text(order.restaurantName) || "A pizzeria";
  const items = texts(order.items);
  const status = text(order.status);
  const placedAt = new Date(text(order.placedAt));
  const dated = !Number.isNaN(placedAt.getTime());
  return (
    <li class="order">
      <Slice toppings={items.flatMap((item) => item.split(/,|&|\band\b/))} seed={name} />
      <div class="what">
        <h3 dir="auto">{name}</h3>
        <p class="items" dir="auto">{items.join(", ")}</p>
        <p class="when">
          {dated && (
            <time dateTime={placedAt.toISOString()} lang={dates.locale}>
              <span>{dates.relative(placedAt, now)}</span>
              <span>{dates.absolute(placedAt)}</span>
            </time>
          )}
          {text(order.location) && <span dir="auto">{text(order.location)}</span>}
        </p>
      </div>
      <div class="side">
        <span class="total">{text(order.total)}</span>
        {status && <span class="status" data-status={status}>{labels[status] ?? status}</span>}
      </div>
      <div class="act">{props.children}</div>
    </li>
  );
}
