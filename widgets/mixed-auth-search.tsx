/** The face of `search_pizza_sf`: a carousel of pizzerias. */
import { AskButton, Frame, records, renderWidget, text, texts, type Words } from "mcp-app/ui";
import { Carousel } from "./parts/carousel.tsx";
import { isSearched, PlaceCard } from "./parts/place_card.tsx";
import { Slice } from "./parts/slice.tsx";

const words: Words = {
  loading: "Looking for pizza…",
  cancelled: "The search was cancelled",
  failed: "The search did not work",
  empty: {
    title: "No pizza places found",
    text: "Try another topping, or ask for every place in San Francisco.",
  },
  late: {
    title: "The pizza places have not arrived",
    message: "Please search for these pizza places again.",
    hint: "Ask in the chat to search again.",
  },
  signIn: {
    title: "Sign in to search",
    text: "This search is for people who are signed in.",
    message: "Please sign me in and search for pizza places again.",
    hint: "Ask in the chat to search again; it will offer to sign you in.",
  },
};

const skeleton = <ul class="carousel">{[1, 2, 3, 4].map((key) => <li key={key} class="place bone" />)}</ul>;

function Places(props: { places: readonly Record<string, unknown>[]; term: string; signedOut: boolean }) {
  const { places, term } = props;
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
      {props.signedOut && (
        <footer class="quiet">
          <AskButton
            label="Sign in to see where you ordered before"
            message="Please sign me in, so that I can see where I ordered pizza before."
            hint="Ask in the chat for your past orders to sign in and see where you ordered before."
          />
        </footer>
      )}
    </>
  );
}

function Search() {
  return (
    <Frame words={words} skeleton={skeleton} art={<Slice toppings={[]} seed="" />}>
      {(data) => {
        const places = records(data.places);
        return places.length > 0 &&
          <Places places={places} term={text(data.pizzaTopping)} signedOut={data.signedIn === false} />;
      }}
    </Frame>
  );
}

renderWidget("mixed-auth-search", Search);
