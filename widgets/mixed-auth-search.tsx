/** The face of `search_pizza_sf`: a carousel of pizzerias. */
import { render } from "preact";
import { connect, type View } from "../src/ui/bridge.ts";
import { records, text, texts } from "../src/ui/data.ts";
import { AskButton } from "./parts/ask_button.tsx";
import { Carousel } from "./parts/carousel.tsx";
import { Frame, type Words } from "./parts/frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { isSearched, PlaceCard } from "./parts/place_card.tsx";

const words: Words = {
  loading: "Looking for pizza…",
  cancelled: "The search was cancelled",
  failed: "The search did not work",
  signIn: {
    title: "Sign in to search",
    text: "This search is for people who are signed in.",
    message: "Please sign me in and search for pizza places again.",
    hint: "Ask in the chat to search again; it will offer to sign you in.",
  },
};

const skeleton = <ul class="carousel">{[1, 2, 3, 4].map((key) => <li key={key} class="place bone" />)}</ul>;

function Places({ view, data }: { view: View; data: Record<string, unknown> }) {
  const places = records(data.places);
  const term = text(data.pizzaTopping);
  if (places.length === 0) {
    return (
      <Notice
        title="No pizza places found"
        text="Try another topping, or ask for every place in San Francisco."
      />
    );
  }
  const found = !term ||
    places.some((place) => texts(place.toppings).some((topping) => isSearched(topping, term)));
  const head = (
    <>
      <h1>Pizza in San Francisco</h1>
      <p class="summary">
        {places.length === 1 ? "1 place" : `${places.length} places`}
        {term && (
          <>
            {found ? " with " : ": none has "}
            <span class="chip" dir="auto">{term}</span>
          </>
        )}
        {!found && ", so here are all of them"}
      </p>
    </>
  );
  return (
    <>
      <Carousel label="Pizza places" head={head}>
        {places.map((place, index) => <PlaceCard key={index} place={place} term={term} />)}
      </Carousel>
      {data.signedIn === false && (
        <footer class="quiet">
          <AskButton
            label="Sign in to see where you ordered before"
            message="Please sign me in, so that I can see where I ordered pizza before."
            hint="Ask in the chat for your past orders to sign in and see where you ordered before."
            actions={view.actions}
          />
        </footer>
      )}
    </>
  );
}

const root = document.getElementById("root") ?? document.body;
connect("mixed-auth-search", (view) => {
  render(
    <Frame view={view} words={words} skeleton={skeleton}>
      {(data) => <Places view={view} data={data} />}
    </Frame>,
    root,
  );
});
