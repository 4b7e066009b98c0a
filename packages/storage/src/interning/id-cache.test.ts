import { expect, test } from "vitest";
import { IdCache } from "./id-cache.ts";

test("what is asked for stays while what is not is dropped", () => {
  const cache = new IdCache(20_000);
  cache.set("kept", 1);
  for (let n = 0; n < 1_000; n++) {
    cache.set(`id ${n}`, n);
    expect(cache.get("kept")).toBe(1);
  }
  expect(cache.get("id 0")).toBeUndefined();
  expect(cache.get("id 999")).toBe(999);
});

test("the cache says when it has dropped something", () => {
  const cache = new IdCache(20_000);
  const before = cache.generation;
  cache.set("a", 1);
  expect(cache.generation).toBe(before);
  for (let n = 0; n < 1_000; n++) cache.set(`id ${n}`, n);
  expect(cache.generation).toBeGreaterThan(before);
});
