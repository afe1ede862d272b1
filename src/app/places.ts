/** One pizzeria. All of them are invented. */
export interface Place {
  readonly name: string;
  readonly neighborhood: string;
  readonly toppings: readonly string[];
  /** Out of 5. */
  readonly rating: number;
  readonly price: "$" | "$$" | "$$$";
  readonly blurb: string;
}

export const PLACES: readonly Place[] = [
  {
    name: "Fogline Pizza Works",
    neighborhood: "Outer Sunset",
    toppings: ["pepperoni", "hot honey", "mozzarella"],
    rating: 4.8,
    price: "$$",
    blurb: "Cup-and-char pepperoni, three blocks from the ocean.",
  },
  {
    name: "Dolores Dough",
    neighborhood: "Mission",
    toppings: ["mushroom", "taleggio", "thyme"],
    rating: 4.7,
    price: "$$",
    blurb: "Forest mushrooms on a blistered sourdough crust; eat it in the park.",
  },
  {
    name: "Cable Car Slices",
    neighborhood: "Nob Hill",
    toppings: ["pepperoni", "sausage", "green pepper"],
    rating: 4.2,
    price: "$",
    blurb: "Foldable New York slices until two in the morning.",
  },
  {
    name: "Lantern Oven",
    neighborhood: "Chinatown",
    toppings: ["char siu", "scallion", "mozzarella"],
    rating: 4.6,
    price: "$$",
    blurb: "Roast pork and scallion oil from a brick oven older than the bridge.",
  },
  {
    name: "Bernal Blanca",
    neighborhood: "Bernal Heights",
    toppings: ["ricotta", "garlic", "lemon"],
    rating: 4.5,
    price: "$$",
    blurb: "White pies only, with a view of the whole city.",
  },
  {
    name: "Presidio Pine",
    neighborhood: "Presidio",
    toppings: ["sausage", "fennel", "pine nuts"],
    rating: 4.4,
    price: "$$$",
    blurb: "Fennel sausage among the eucalyptus; bring a jacket.",
  },
  {
    name: "Castro Margherita Club",
    neighborhood: "Castro",
    toppings: ["basil", "tomato", "mozzarella"],
    rating: 4.9,
    price: "$$",
    blurb: "One pizza on the menu, and a line around the corner for it.",
  },
  {
    name: "Dogpatch Deep",
    neighborhood: "Dogpatch",
    toppings: ["pepperoni", "ricotta", "tomato"],
    rating: 4.3,
    price: "$$$",
    blurb: "Deep dish in an old shipyard; allow forty minutes and an appetite.",
  },
  {
    name: "Richmond Tide",
    neighborhood: "Inner Richmond",
    toppings: ["clam", "garlic", "parsley"],
    rating: 4.6,
    price: "$$$",
    blurb: "Clam pies when the boats come in, garlic bread when they do not.",
  },
  {
    name: "Hayes Green Table",
    neighborhood: "Hayes Valley",
    toppings: ["zucchini", "basil", "cashew cream"],
    rating: 4.4,
    price: "$$",
    blurb: "Everything vegan, and nobody at the table noticed.",
  },
  {
    name: "North Beach Nonna",
    neighborhood: "North Beach",
    toppings: ["anchovy", "caper", "olive"],
    rating: 4.7,
    price: "$$",
    blurb: "Salty, thin and unrepentant; the anchovies are not optional.",
  },
  {
    name: "Excelsior Fuego",
    neighborhood: "Excelsior",
    toppings: ["chorizo", "jalapeño", "pineapple"],
    rating: 4.5,
    price: "$",
    blurb: "Al pastor meets pizza, with pineapple nobody argues about.",
  },
];

/** Places with a topping that contains the term, in any case; an empty term finds all. */
export function placesWith(topping: string): readonly Place[] {
  const term = topping.toLowerCase();
  return PLACES.filter(({ toppings }) => toppings.some((candidate) => candidate.includes(term)));
}
