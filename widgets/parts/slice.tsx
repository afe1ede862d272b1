import type { ComponentType } from "preact";
import { hash } from "./hash.ts";

/** Where toppings lie on the cheese, in the units of the drawing. */
const spots: readonly (readonly [x: number, y: number])[] = [
  [70, 60],
  [101, 52],
  [131, 62],
  [86, 87],
  [115, 90],
  [100, 117],
];

/**
 * A pizza slice with the given toppings on it, each drawn by `Topping`; `seed` decides how it lies. Purely decorative.
 */
export function Slice({ toppings = [], Topping, seed = "" }: {
  toppings?: readonly string[];
  Topping?: ComponentType<{ name: string }>;
  seed?: string;
}) {
  const number = hash(seed);
  return (
    <svg class="slice" viewBox="0 0 200 160" fill="none" stroke-linecap="round" aria-hidden="true">
      <g transform={`rotate(${number % 19 - 9} 100 80)`}>
        <path d="M45 64L105 160 165 64Z" fill="#000" opacity=".13" />
        <path
          d="M36 54Q100 18 164 54L148 82V92Q144 98 140 92V93L107 146Q100 154 93 146L64 98V106Q59 113 54 105V82Z"
          fill="#f7bd46"
        />
        <path d="M42 56Q100 24 158 56L106 138Q100 146 94 138Z" fill="#ffd568" />
        <path d="M36 55Q100 19 164 55" stroke="#d5482c" stroke-width="9" />
        <path d="M32 49Q100 9 168 49" stroke="#c07f38" stroke-width="19" />
        <path d="M32 46Q100 6 168 46" stroke="#dfa257" stroke-width="13" />
        {Topping && toppings.length > 0 &&
          spots.map(([x, y], index) => (
            <g transform={`translate(${x} ${y}) rotate(${(number >> index) % 90})`}>
              <Topping name={toppings[index % toppings.length] ?? ""} />
            </g>
          ))}
      </g>
    </svg>
  );
}
