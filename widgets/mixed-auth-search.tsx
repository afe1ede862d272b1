/** The face of `search_pizza_sf`: a carousel of pizzerias. */
import { AskButton, Frame, records, renderWidget, text, texts } from "mcp-app/ui";
import { Carousel } from "./parts/carousel.tsx";
import { isSearched, PlaceCard } from "./parts/place_card.tsx";
import { usePlaceWords } from "./parts/place_words.ts";
import { Slice } from "./parts/slice.tsx";

const skeleton = <ul class="carousel">{[1, 2, 3, 4].map((key) => <li key={key} class="place bone" />)}</ul>;

function Places(props: { places: readonly Record<string, unknown>[]; term: string; signedOut: boolean }) {
  const { places, term } = props;
  const words = usePlaceWords();
  const found = !term ||
    places.some((place) => texts(place.toppings).some((topping) => isSearched(topping, term)));
  const head = (
    <>
      <h1>{words.title}</h1>
      <p class="summary">
        {words.count(places.length)}
        {term && (
          <>
            {found ? words.with : words.noneHas}
            <span class="chip" dir="auto">{term}</span>
          </>
        )}
        {!found && words.allOfThem}
      </p>
    </>
  );
  return (
    <>
      <Carousel labels={words} head={head}>
        {places.map((place, index) => <PlaceCard key={index} place={place} term={term} />)}
      </Carousel>
      {props.signedOut && (
        <footer class="quiet">
          <AskButton {...words.signInForMore} common={words.common} />
        </footer>
      )}
    </>
  );
}

function Search() {
  return (
    <Frame words={usePlaceWords()} skeleton={skeleton} art={<Slice />}>
      {(data) => {
        const places = records(data.places);
        return places.length > 0 &&
          <Places places={places} term={text(data.pizzaTopping)} signedOut={data.signedIn === false} />;
      }}
    </Frame>
  );
}

renderWidget("mixed-auth-search", Search);
