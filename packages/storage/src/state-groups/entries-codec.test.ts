import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEntries, encodeEntries } from "./entries-codec.ts";
import { stateEntries } from "./state-entries.ts";

const key = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const event = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 2 ** 52 - 1 }));

test("entries are read as they were written", () => {
  const entries = fc.uniqueArray(fc.tuple(key, event), { selector: ([key]) => key }).map((values) => {
    const events = new Set<number>();
    return stateEntries(values.filter(([, event]) => event === 0 || (!events.has(event) && events.add(event))));
  });
  fc.assert(
    fc.property(entries, (given) => {
      expect(decodeEntries(encodeEntries(given))).toEqual(given);
    }),
  );
});

test("members who joined together take two to three bytes each", () => {
  const joined = stateEntries(Array.from({ length: 10_000 }, (_, i) => [5_000_000 + i, 900_000_000 + 7 * i]));
  expect(encodeEntries(joined).length).toBeLessThan(3 * 10_000);
});

test("the largest numbers fit the room that an entry is given", () => {
  const entries = stateEntries([[2 ** 32 - 1, 2 ** 52 - 1]]);
  expect(decodeEntries(encodeEntries(entries))).toEqual(entries);
});
