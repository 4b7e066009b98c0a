import { expect, test } from "vitest";
import { Counters } from "./counters.ts";

test("numbers begin after those that may have been given before", () => {
  const counters = new Counters(new Map([["event", 41]]));
  expect(counters.take("event")).toBe(42);
  expect(counters.take("event")).toBe(43);
  expect(counters.take("position")).toBe(1);
});

test("a number is covered by a reservation exactly when that is on disk", () => {
  const counters = new Counters(new Map());
  const first = counters.take("event");
  const upTo = counters.toReserve("event", first)!;
  expect(upTo).toBeGreaterThanOrEqual(first);
  expect(counters.toReserve("event", first)).toBe(upTo);

  counters.reserved("event", upTo);
  expect(counters.toReserve("event", upTo)).toBeUndefined();
  expect(counters.toReserve("event", upTo + 1)).toBeGreaterThan(upTo);
  expect(counters.toReserve("position", 1)).toBeDefined();
});

test("a reservation that ends late takes back none that reaches further", () => {
  const counters = new Counters(new Map());
  counters.reserved("event", 2_000);
  counters.reserved("event", 1_000);
  expect(counters.toReserve("event", 2_000)).toBeUndefined();
});
