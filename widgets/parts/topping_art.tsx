import type { JSX } from "preact";
import { hash } from "./hash.ts";

/** Drawings of toppings around the origin, about 20 units wide; the first whose words match is taken. */
const drawings: { readonly words: RegExp; readonly art: () => JSX.Element }[] = [
  {
    words: /pepperoni|salami|nduja|chorizo/i,
    art: () => (
      <>
        <circle r="10" fill="#b3321c" />
        <circle r="8" fill="#cf4a2c" />
        <path d="M-4-3h.1M3-4h.1M0 2h.1M5 2h.1M-4 4h.1" stroke="#f0936f" stroke-width="2.4" />
      </>
    ),
  },
  {
    words: /mushroom|truffle|porcini|champignon/i,
    art: () => (
      <>
        <path d="M-10 0C-10-12 10-12 10 0 10 4 3 3 3 3V9Q0 12-3 9V3S-10 4-10 0Z" fill="#f3e6d0" />
        <path d="M-10 0C-10-12 10-12 10 0Q0-5-10 0Z" fill="#a9805a" />
      </>
    ),
  },
  {
    words: /basil|arugula|rocket|spinach|pesto|kale|\bmint|\bsage|herb/i,
    art: () => (
      <>
        <path d="M-11 3C-8-8 4-9 11-3 7 7-4 9-11 3Z" fill="#3f8f3c" />
        <path d="M-10 3Q0 0 9-3" stroke="#9ed08a" stroke-width="1.4" />
      </>
    ),
  },
  { words: /olive|caper/i, art: () => <circle r="6" stroke="#43384f" stroke-width="5.5" /> },
  {
    words: /onion|shallot|leek/i,
    art: () => (
      <path
        d="M-9 4A9.5 9.5 0 0 1 9 4M-5 5A5.5 5.5 0 0 1 5 5"
        stroke="#a4508b"
        stroke-width="2.6"
      />
    ),
  },
  {
    words: /pepper|jalape|chil|poblano/i,
    art: () => (
      <path
        d="M-9-3C-6 9 6 9 9-3 5 2-4 2-9-3Z"
        fill="#5c9e31"
        stroke="#3d7a1f"
        stroke-width="1.5"
      />
    ),
  },
  {
    words: /pineapple|corn|potato|squash|honey/i,
    art: () => (
      <>
        <path d="M-10 5L0-9 10 5Q0 10-10 5Z" fill="#ffe98f" stroke="#c98a14" stroke-width="1.6" />
        <path d="M-5 4L1-4M1 6L5 0" stroke="#d79a1c" stroke-width="1.6" />
      </>
    ),
  },
  {
    words: /tomato|sauce|marinara|margherita/i,
    art: () => (
      <>
        <circle r="9.5" fill="#d5381f" />
        <path d="M0-6V-2M5 3L2 1M-5 3L-2 1" stroke="#f9b39d" stroke-width="3" />
      </>
    ),
  },
  {
    words: /mozzarella|burrata|ricotta|feta|goat|cheese|gorgonzola|garlic|\begg\b|clam/i,
    art: () => (
      <path
        d="M-9-2C-9-10 3-10 7-6 13 0 8 8 0 8S-10 5-9-2Z"
        fill="#fff7e2"
        stroke="#ecd49b"
        stroke-width="1.2"
      />
    ),
  },
  {
    words: /\bham|prosciutto|bacon|anchov|salmon|shrimp|pancetta|speck/i,
    art: () => (
      <path d="M-11 2Q-6-6 0 0T11-3Q10 4 1 6T-11 2Z" fill="#e8806f" stroke="#f7c0b2" stroke-width="1.6" />
    ),
  },
  {
    words: /sausage|meat|beef|chicken|duck|lamb|artichoke|eggplant|fig/i,
    art: () => (
      <>
        <path d="M-8-4C-4-9 5-8 8-2 9 5 1 8-4 6S-10-1-8-4Z" fill="#8a4b2c" />
        <path d="M-3-2h.1M3 1h.1M-2 3h.1" stroke="#c98a5e" stroke-width="2.4" />
      </>
    ),
  },
];

const colours = ["#b3321c", "#3f8f3c", "#fff7e2", "#8a4b2c", "#a4508b", "#d98a1f"];

/** Draws a topping by its name; an unknown one becomes a dot of its own colour. */
export function ToppingArt({ name }: { name: string }) {
  const found = drawings.find(({ words }) => words.test(name));
  return found ? <found.art /> : <circle r="7.5" fill={colours[hash(name) % colours.length]} />;
}
