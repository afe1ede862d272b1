import assert from "node:assert/strict";
import { PLACES } from "../../src/app/places.ts";
import { sampleOrders } from "../../src/app/sample_orders.ts";
import { NOW } from "./support.ts";

const meals = (issuer: string, subject: string) =>
  sampleOrders({ issuer, subject }, NOW, () => crypto.randomUUID());
const names = (issuer: string, subject: string) =>
  meals(issuer, subject).map(({ restaurantName }) => restaurantName).join();

Deno.test("a person's sample orders come from four pizzerias that exist, the newest still in the oven", () => {
  const known = PLACES.map(({ name }) => name);
  for (let person = 0; person < 500; person++) {
    const orders = meals("https://issuer.test", `person-${person}`);
    const restaurants = new Set(orders.map(({ restaurantName }) => restaurantName));
    assert.equal(restaurants.size, 4);
    assert.deepEqual([...restaurants].filter((name) => !known.includes(name)), []);
    const placed = orders.map(({ placedAt }) => placedAt);
    assert.deepEqual(placed, placed.toSorted((a, b) => b - a));
    assert.deepEqual(orders.map(({ status }) => status === "preparing"), [true, false, false, false]);
  }
});

Deno.test("the same person always has the same meals, the demo people and another issuer's have others", () => {
  const own = "http://localhost:8000/auth";
  const people = ["ada", "grace", "linus"].map((subject) => names(own, subject));
  assert.deepEqual(["ada", "grace", "linus"].map((subject) => names(own, subject)), people);
  assert.equal(new Set([...people, names("https://issuer.test", "ada")]).size, 4);
});
