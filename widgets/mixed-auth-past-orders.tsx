/** The face of `see_past_orders`: what this person ordered, by month. */
import {
  AskButton,
  datesIn,
  Frame,
  isRecord,
  records,
  renderWidget,
  Step,
  Steps,
  text,
  useDisplayMode,
  usePages,
  useToolCalls,
  useUpdateModelContext,
  useView,
  useViewState,
} from "mcp-app/ui";
import { OrderCard } from "./parts/order_card.tsx";
import { useOrderWords } from "./parts/order_words.ts";
import { Reorder } from "./parts/reorder.tsx";
import { Slice } from "./parts/slice.tsx";

const skeleton = <ul class="orders">{[1, 2, 3, 4].map((key) => <li key={key} class="order bone" />)}</ul>;

function Orders({ orders, more }: { orders: readonly Record<string, unknown>[]; more: boolean }) {
  const { context, result } = useView();
  const words = useOrderWords();
  const { mode, modes, request } = useDisplayMode();
  const full = mode === "fullscreen";
  const { items, start, previous, next } = usePages(orders, full);
  const reorders = useToolCalls("reorder_pizza");
  const [chosen, choose] = useChosen();
  const dates = datesIn(context);
  const months = Map.groupBy(items, ({ placedAt }) => {
    const date = new Date(text(placedAt));
    return Number.isNaN(date.getTime()) ? words.noDate : dates.month(date);
  });
  const canReorder = isRecord(result._meta) && result._meta["pizza/reorder"] === true;
  const several = previous !== undefined || next !== undefined;
  const other = full ? "inline" : "fullscreen";
  return (
    <>
      <header class="head" data-all={full || undefined}>
        <div>
          <h1>{words.title}</h1>
          <p class="summary" role="status">
            {chosen
              ? words.chosen
              : several
              ? words.part(start + 1, start + items.length, orders.length)
              : words.count(orders.length)}
          </p>
        </div>
        <div class="steps">
          {modes.includes(other) && (
            <Step
              label={words[other]}
              path={full ? "M8 3v5H3M12 17v-5h5" : "M11 3h6v6M9 17H3v-6"}
              onClick={() => void request(other).catch(() => {})}
            />
          )}
          {several && (
            <Steps
              labels={{ previous: words.later, next: words.earlier }}
              previous={previous}
              next={next}
            />
          )}
        </div>
      </header>
      {Array.from(months, ([month, placed]) => (
        <section key={month} aria-label={month}>
          <h2 lang={dates.locale}>{month}</h2>
          <ul class="orders">
            {placed.map((order, index) => {
              const id = text(order.orderId);
              return (
                <OrderCard
                  key={id || index}
                  order={order}
                  dates={dates}
                  now={Date.now()}
                  chosen={chosen !== "" && chosen === id}
                  choose={id && choose ? () => choose(order) : undefined}
                >
                  {canReorder && <Reorder orderId={id} calls={reorders} />}
                </OrderCard>
              );
            })}
          </ul>
        </section>
      ))}
      {more && !next && (
        <footer class="quiet">
          <AskButton {...words.older} common={words.common} />
        </footer>
      )}
    </>
  );
}

/** The order that the person wants to talk about, by its id or `""`, and how to choose it or, again, no order. */
function useChosen() {
  const [chosen, setChosen] = useViewState("chosen", text);
  const tell = useUpdateModelContext();
  const choose = tell && ((order: Record<string, unknown>) => {
    const id = text(order.orderId) === chosen ? "" : text(order.orderId);
    setChosen(id);
    const words = id ? `the order ${id} from ${text(order.restaurantName)}` : "no order";
    tell(`The person has chosen ${words}.`).catch(() => setChosen(chosen));
  });
  return [chosen, choose] as const;
}

function PastOrders() {
  return (
    <Frame words={useOrderWords()} skeleton={skeleton} art={<Slice />}>
      {(data) => {
        const orders = records(data.orders);
        return orders.length > 0 && <Orders orders={orders} more={text(data.nextCursor) !== ""} />;
      }}
    </Frame>
  );
}

renderWidget("mixed-auth-past-orders", PastOrders);
