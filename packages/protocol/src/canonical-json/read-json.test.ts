import { describe, expect, test } from "vitest";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isRawNumber, numberOf } from "./raw-number.ts";
import { readJson } from "./read-json.ts";

const strict = (text: string) => readJson(text, { strict: true });
const lenient = (text: string) => readJson(text, { strict: false });
const badJson = expect.objectContaining({ errcode: "M_BAD_JSON" });
const notJson = expect.objectContaining({ errcode: "M_NOT_JSON" });

const ODD_NUMBERS = [
  "1.0",
  "-1.5",
  "1e2",
  "1E2",
  "1e-2",
  "-0",
  "-0.0",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740992",
  "1e400",
];

describe("where a room version is strict", () => {
  test.each(ODD_NUMBERS)("the number %s is refused wherever it stands", (number) => {
    for (const text of [number, `[${number}]`, `{"a":${number}}`, `{"a":[1,{"b": ${number} }]}`]) {
      expect(() => strict(text)).toThrow(badJson);
    }
  });

  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"c":1,"c":2}}]',
    '{"a":{"x":1,"y":2},"a":{"x":1}}',
    '{"__proto__":1,"__proto__":2}',
  ])("the duplicate key of %s is refused", (text) => expect(() => strict(text)).toThrow(badJson));

  test("integers to the ends of the range are read", () => {
    expect(strict("[0,1,-1,9007199254740991,-9007199254740991]")).toEqual([0, 1, -1, 2 ** 53 - 1, -(2 ** 53) + 1]);
  });

  test("what strings hold is not mistaken for numbers, keys or brackets", () => {
    const text = '{"1.5":"1.5","a":"\\"b\\":1e2,{[","b":"\\\\","c":":"}';
    expect(strict(text)).toEqual(JSON.parse(text));
    expect(() => strict('["\\\\",1.5]')).toThrow(badJson);
    expect(() => strict('["\\\\\\"",1.5]')).toThrow(badJson);
  });
});

describe("where a room version is lenient", () => {
  test.each(["1.0", "-1.5", "1e-2", "-0.0", "9007199254740993", "1e400", "1.50"])(
    "%s is hashed as it was written",
    (number) => {
      expect(canonicalJson(lenient(`{"b":[${number}],"a":1}`))).toBe(`{"a":1,"b":[${number}]}`);
    },
  );

  test("minus zero and exponents that make integers follow the example of the specification", () => {
    expect(canonicalJson(lenient("[-0,1e10,-1E2,0e3]"))).toBe("[0,10000000000,-100,0]");
    expect(lenient("-0")).toBe(0);
  });

  test("the last of duplicate keys wins, as it does in the servers that made such events", () => {
    expect(lenient('{"a":1,"a":2}')).toEqual({ a: 2 });
    expect(canonicalJson(lenient('{"a":1,"a":2.0}'))).toBe('{"a":2.0}');
  });

  test("a key named __proto__ beside a raw number stays a key", () => {
    expect(canonicalJson(lenient('{"__proto__":{"n":1.5},"a":1}'))).toBe('{"__proto__":{"n":1.5},"a":1}');
  });

  test("a raw number still tells its value", () => {
    const [float, text] = lenient('[50.0,"50.0"]') as [never, never];
    expect(isRawNumber(float)).toBe(true);
    expect(numberOf(float)).toBe(50);
    expect(numberOf(text)).toBeUndefined();
    expect(numberOf({ rawJSON: "1.0" })).toBeUndefined();
  });
});

describe.each([strict, lenient])("either way", (read) => {
  test.each([
    "",
    "{",
    '{"a"}',
    "[1,]",
    "01",
    "+1",
    ".5",
    "1.",
    "nul",
    '"\n"',
    '"a',
    "{'a':1}",
    "[1]]",
    '{"a":1}x',
    "-",
    "\ufeff{}",
    "NaN",
  ])("%j is not JSON", (text) => expect(() => read(text)).toThrow(notJson));

  test("nesting past the limit is refused, however deep", () => {
    expect(read("[".repeat(MAX_JSON_DEPTH) + "]".repeat(MAX_JSON_DEPTH))).toBeDefined();
    for (const depth of [MAX_JSON_DEPTH + 1, 1_000_000]) {
      expect(() => read("[".repeat(depth) + "]".repeat(depth))).toThrow(badJson);
      expect(() => read('{"a":'.repeat(depth))).toThrow(badJson);
    }
  });

  test("a key named __proto__ gives an object no other prototype", () => {
    const value = read('{"__proto__":{"admin":true},"n":1}') as { admin?: boolean };
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value.admin).toBeUndefined();
    expect(canonicalJson(value as never)).toBe('{"__proto__":{"admin":true},"n":1}');
  });

  test("a text of backslashes is read in one pass", () => {
    const text = `{"a":"${'\\"'.repeat(200_000)}"}`;
    expect(read(text)).toEqual({ a: '"'.repeat(200_000) });
    expect(read(`["${"\\\\".repeat(200_000)}"]`)).toEqual(["\\".repeat(200_000)]);
  });
});
