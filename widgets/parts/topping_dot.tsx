import { hash } from "./hash.ts";

const colours: readonly (readonly [words: RegExp, colour: string])[] = [
  [/pepperoni|tomato|margherita/i, "#cf4a2c"],
  [/basil|pepper|salad|spinach/i, "#3f8f3c"],
  [/mushroom|cheese|garlic/i, "#fff7e2"],
];
const others = ["#b3321c", "#8a4b2c", "#a4508b", "#d98a1f", "#e8806f"];

/** A topping as a dot of its colour, for slices too small to see more. */
export function ToppingDot({ name }: { name: string }) {
  const colour = colours.find(([words]) => words.test(name))?.[1] ?? others[hash(name) % others.length];
  return <circle r="10" fill={colour} />;
}
