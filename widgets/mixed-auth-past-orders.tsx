/** The face of `see_past_orders`: what this person ordered, by month. */
import {
  AskButton,
  datesIn,
  Frame,
  isRecord,
  records,
  renderWidget,
  Steps,
  text,
  usePages,
  useToolCalls,
  useView,
  type Words,
} from "mcp-app/ui";
import { OrderCard } from "./parts/order_card.tsx";
import { Reorder } from "./parts/reorder.tsx";
import { Slice } from "./parts/slice.tsx";

const words: Words = {
  loading: "Fetching your orders…",
  cancelled: "Your orders were not fetched",
  failed: "Your orders could not be fetched",
  empty: { title: "No orders yet", text: "Once you have ordered a pizza, you will find it here." },
  late: {
    title: "Your orders have not arrived",
    message: "Please show my past pizza orders again.",
    hint: "Ask in the chat for your past orders.",
  },
  signIn: {
    title: "Sign in to see your orders",
    text: "Your past pizzas are yours alone, so we need to know it is you.",
    message: "Please sign me in and show my past pizza orders.",
    hint: "Ask in the chat for your past orders; it will offer to sign you in.",
  },
};

const skeleton = <ul class="orders">{[1, 2, 3, 4].map((key) => <li key={key} class="order bone" />)}</ul>;

function Orders({ orders, more }: { orders: readonly Record<string, unknown>[]; more: boolean }) {
  const { context, result } = useView();
  const { items, start, previous, next } = usePages(orders);
  const reorders = useToolCalls("reorder_pizza");
  const dates = datesIn(context);
  const months = Map.groupBy(items, ({ placedAt }) => {
    const date = new Date(text(placedAt));
    return Number.isNaN(date.getTime()) ? "No date" : dates.month(date);
  });
  const canReorder = isRecord(result._meta) && result._meta["pizza/reorder"] === true;
  const several = previous !== undefined || next !== undefined;
  return (
    <>
      <header class="head">
        <div>
          <h1>Your pizza orders</h1>
          <p class="summary" role="status">
            {several && `${start + 1}–${start + items.length} of `}
            {orders.length === 1 ? "1 order" : `${orders.length} orders`}
          </p>
        </div>
        {several && (
          <Steps
            labels={{ previous: "Later orders", next: "Earlier orders" }}
            previous={previous}
            next={next}
          />
        )}
      </header>
      {Array.from(months, ([month, placed]) => (
        <section key={month} aria-label={month}>
          <h2 lang={dates.locale}>{month}</h2>
          <ul class="orders">
            {placed.map((order, index) => (
              <OrderCard key={text(order.orderId) || index} order={order} dates={dates} now={Date.now()}>
                {canReorder && <Reorder orderId={text(order.orderId)} calls={reorders} />}
              </OrderCard>
            ))}
          </ul>
        </section>
      ))}
      {more && !next && (
        <footer class="quiet">
          <AskButton
            label="Show older orders"
            message="Show my older pizza orders."
            hint="Ask in the chat for older orders."
          />
        </footer>
      )}
    </>
  );
}

function PastOrders() {
  return (
    <Frame words={words} skeleton={skeleton} art={<Slice toppings={[]} seed="" />}>
      {(data) => {
        const orders = records(data.orders);
        return orders.length > 0 && <Orders orders={orders} more={text(data.nextCursor) !== ""} />;
      }}
    </Frame>
  );
}

renderWidget("mixed-auth-past-orders", PastOrders);
