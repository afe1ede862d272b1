import type { ComponentChildren } from "preact";
import { type Dates, text, texts } from "mcp-app/ui";
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
            <span dir="auto">{labels[status] ?? status}</span>
          </span>
        )}
      </div>
      <div class="act">{props.children}</div>
    </li>
  );
}
