import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../../../../spec/vectors/canonical-json.json" with { type: "json" };
import { MatrixError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { canonicalJson, compareCodePoints, inCanonicalOrder } from "./canonical-json.ts";
import { rawNumber } from "./raw-number.ts";
import { readJson } from "./read-json.ts";

const refusal = expect.objectContaining({ errcode: "M_BAD_JSON" });

describe("the examples of the specification", () => {
  test.each(vectors.examples)("$canonical", ({ json, canonical }) => {
    expect(canonicalJson(readJson(json, { strict: false }))).toBe(canonical);
  });
});

test("keys are sorted by code point, not by UTF-16 unit", () => {
  expect(canonicalJson({ "\u{1F600}": 1, "\uFF5E": 2 })).toBe('{"\uFF5E":2,"\u{1F600}":1}');
  expect(compareCodePoints("\u{1F600}", "\u{1F601}")).toBeLessThan(0);
  expect(compareCodePoints("\u{1F600}", "z")).toBeGreaterThan(0);
});

test("keys that look like integers are sorted as text", () => {
  expect(canonicalJson({ "10": 1, "9": 2, "-1": 3, a: { "2": 1, "11": 2 } })).toBe(
    '{"-1":3,"10":1,"9":2,"a":{"11":2,"2":1}}',
  );
});

test("a key named __proto__ is a key like others", () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1},"b":1}');
});

test("control characters take their shortest escape and everything else stands as it is", () => {
  const text = '{"a":"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f\u007f\u2028/é"}';
  expect(canonicalJson(JSON.parse(text))).toBe(text);
});

test.each([1.5, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY])("the number %d is refused", (number) => {
  expect(() => canonicalJson({ a: [number] })).toThrow(refusal);
});

test("the largest integers are printed in full, and minus zero as zero", () => {
  expect(canonicalJson([2 ** 53 - 1, -(2 ** 53) + 1, -0])).toBe("[9007199254740991,-9007199254740991,0]");
});

test("a lone surrogate is refused in strings and in keys", () => {
  expect(() => canonicalJson({ a: "\ud800" })).toThrow(refusal);
  expect(() => canonicalJson({ "\udc00": "a" })).toThrow(refusal);
});

test("nesting past the limit is refused before it can exhaust the stack", () => {
  const nested = (depth: number): JsonValue => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as JsonValue;
  expect(canonicalJson(nested(MAX_JSON_DEPTH))).toHaveLength(2 * MAX_JSON_DEPTH);
  expect(() => canonicalJson(nested(MAX_JSON_DEPTH + 1))).toThrow(MatrixError);
  expect(() => canonicalJson(nested(100_000))).toThrow(MatrixError);
});

test("a raw number is printed as it was written, and an object that resembles one as an object", () => {
  expect(canonicalJson({ b: rawNumber("1.0"), a: rawNumber("9007199254740993") })).toBe(
    '{"a":9007199254740993,"b":1.0}',
  );
  expect(canonicalJson({ b: { rawJSON: "1.0" }, a: 1 })).toBe('{"a":1,"b":{"rawJSON":"1.0"}}');
});

const anyJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ unit: "binary" }), fc.nat(20).map(String)), tie("value"), {
      maxKeys: 6,
      noNullPrototype: true,
    }),
  ),
})).value;

/** The same value with the keys of every object in another order. */
function shuffled(value: JsonValue, random: () => number): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => shuffled(item, random));
  const entries = Object.entries(value).map(([key, item]) => ({ key, item: shuffled(item, random), at: random() }));
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ key, item }) => [key, item]));
}

test("canonical text read again gives the same text", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(canonicalJson(readJson(text, { strict: true }))).toBe(text);
      expect(canonicalJson(readJson(text, { strict: false }))).toBe(text);
    }),
  );
});

test("the order of keys makes no difference", () => {
  fc.assert(
    fc.property(anyJson, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (value, stream) => {
      const random = () => stream.next().value as number;
      expect(canonicalJson(shuffled(value, random))).toBe(canonicalJson(value));
    }),
  );
});

test("a copy in canonical order has the same text, and the engine prints it so unless a key looks like an integer", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const object = { z: value, a: value };
      const copy = inCanonicalOrder(object);
      expect(canonicalJson(copy)).toBe(canonicalJson(object));
      if (!/"\d+":/.test(canonicalJson(object))) expect(JSON.stringify(copy)).toBe(canonicalJson(object));
    }),
  );
  const raw = inCanonicalOrder({ b: [{ d: rawNumber("1.0"), c: 1 }], a: 2 });
  expect(JSON.stringify(raw)).toBe('{"a":2,"b":[{"c":1,"d":1.0}]}');
});

test("keys come out in the order of their UTF-8 bytes", () => {
  const encoder = new TextEncoder();
  const byBytes = (a: string, b: string): number => {
    const [left, right] = [encoder.encode(a), encoder.encode(b)];
    const at = left.findIndex((byte, index) => byte !== right[index]);
    return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
  };
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(byBytes(a, b)));
    }),
  );
});
