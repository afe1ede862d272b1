/** The face of `see_past_orders`: what this person ordered, by month. */
import { render } from "preact";
import { connect, type View } from "../src/ui/bridge.ts";
import { records, text } from "../src/ui/data.ts";
import { datesIn } from "./dates.ts";
import { AskButton } from "./parts/ask_button.tsx";
import { Frame, type Words } from "./parts/frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { OrderCard } from "./parts/order_card.tsx";
import { Reorder } from "./parts/reorder.tsx";
import { isRecord } from "../src/ui/rpc.ts";

const words: Words = {
  loading: "Fetching your orders…",
  cancelled: "Your orders were not fetched",
  failed: "Your orders could not be fetched",
  signIn: {
    title: "Sign in to see your orders",
    text: "Your past pizzas are yours alone, so we need to know it is you.",
    message: "Please sign me in and show my past pizza orders.",
    hint: "Ask in the chat for your past orders; it will offer to sign you in.",
  },
};

const skeleton = <ul class="orders">{[1, 2, 3].map((key) => <li key={key} class="order bone" />)}</ul>;

function Orders({ view, data }: { view: View; data: Record<string, unknown> }) {
  const orders = records(data.orders);
  if (orders.length === 0) {
    return <Notice title="No orders yet" text="Once you have ordered a pizza, you will find it here." />;
  }
  const dates = datesIn(view.context);
  const months = Map.groupBy(orders, ({ placedAt }) => {
    const date = new Date(text(placedAt));
    return Number.isNaN(date.getTime()) ? "No date" : dates.month(date);
  });
  const canReorder = isRecord(view.result._meta) && view.result._meta["pizza/reorder"] === true;
  return (
    <>
      <header class="head">
        <h1>Your pizza orders</h1>
        <p class="summary">{orders.length === 1 ? "1 order" : `${orders.length} orders`}</p>
      </header>
      {Array.from(months, ([month, placed]) => (
        <section key={month} aria-label={month}>
          <h2 lang={dates.locale}>{month}</h2>
          <ul class="orders">
            {placed.map((order, index) => (
              <OrderCard key={text(order.orderId) || index} order={order} dates={dates} now={Date.now()}>
                {canReorder && <Reorder orderId={text(order.orderId)} actions={view.actions} />}
              </OrderCard>
            ))}
          </ul>
        </section>
      ))}
      {text(data.nextCursor) && (
        <footer class="quiet">
          <AskButton
            label="Show older orders"
            message="Show my older pizza orders."
            hint="Ask in the chat for older orders."
            actions={view.actions}
          />
        </footer>
      )}
    </>
  );
}

const root = document.getElementById("root") ?? document.body;
connect("mixed-auth-past-orders", (view) => {
  render(
    <Frame view={view} words={words} skeleton={skeleton}>
      {(data) => <Orders view={view} data={data} />}
    </Frame>,
    root,
  );
});
