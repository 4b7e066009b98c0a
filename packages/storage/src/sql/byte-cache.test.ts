import { expect, test } from "vitest";
import { ByteCache } from "./byte-cache.ts";

const cacheOf = (budget: number) => new ByteCache<string, string>(budget, (text) => text.length);

test("what was used longest ago leaves first, by bytes", () => {
  const cache = cacheOf(10);
  cache.set("a", "aaaa");
  cache.set("b", "bbbb");
  cache.get("a");
  cache.set("c", "cccc");
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual(["aaaa", undefined, "cccc"]);
  expect(cache.bytes).toBe(8);
});

test("what is larger than the budget is not kept, nor is anything counted twice", () => {
  const cache = cacheOf(10);
  cache.set("a", "aaaa");
  cache.set("a", "aa");
  expect(cache.bytes).toBe(2);
  cache.set("b", "b".repeat(11));
  expect(cache.get("b")).toBeUndefined();
  cache.delete("a");
  expect(cache.bytes).toBe(0);
});
