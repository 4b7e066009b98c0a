import fc from "fast-check";
import { expect, test } from "vitest";
import { parseStateMapKey, stateMapKey } from "./state-map.ts";

const anyText = fc.string({ unit: "binary", maxLength: 255 });

test("a state map key gives back its type and state key, whatever they hold", () => {
  fc.assert(
    fc.property(anyText, anyText, (type, stateKey) => {
      expect(parseStateMapKey(stateMapKey(type, stateKey))).toEqual([type, stateKey]);
    }),
  );
});

test("no two pairs share a key", () => {
  expect(
    new Set([stateMapKey("a", "bc"), stateMapKey("ab", "c"), stateMapKey("abc", ""), stateMapKey("", "abc")]).size,
  ).toBe(4);
});
