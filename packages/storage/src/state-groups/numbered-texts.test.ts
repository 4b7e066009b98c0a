import { expect, test } from "vitest";
import { NumberedTexts } from "./numbered-texts.ts";

/** A database of texts `t<number>` up to `stored`, which says what it was asked for. */
function database(stored: number) {
  const asked: number[][] = [];
  return {
    asked,
    load: async (missing: readonly number[]) => {
      asked.push([...missing]);
      return missing.filter((number) => number <= stored).map((number): [number, string] => [number, `t${number}`]);
    },
  };
}

test("texts come in the order of their numbers, and only what is not in memory is read", async () => {
  const texts = new NumberedTexts(1 << 20);
  const { asked, load } = database(9);
  expect(await texts.of([3, 1], load)).toEqual(["t3", "t1"]);
  expect(await texts.of([1, 2, 3], load)).toEqual(["t1", "t2", "t3"]);
  expect(asked).toEqual([[3, 1], [2]]);
});

test("a number that stands for nothing is an error", async () => {
  await expect(new NumberedTexts(1 << 20).of([1, 10], database(9).load)).rejects.toThrow("stand for nothing");
});

test("what a write under way brings is known until it fails, or for good once it is committed", async () => {
  const texts = new NumberedTexts(1 << 20);
  const { load } = database(0);
  const failing = texts.pin(1, "t1");
  const succeeding = texts.pin(1, "t1");
  failing(false);
  expect(await texts.of([1], load)).toEqual(["t1"]);
  expect(texts.pinned("t1")).toBe(1);
  succeeding(true);
  expect(texts.pinned("t1")).toBeUndefined();
  expect(await texts.of([1], load)).toEqual(["t1"]);
  texts.pin(2, "t2")(false);
  await expect(texts.of([2], load)).rejects.toThrow();
});

test("memory is bounded, and keeps what is still asked for", async () => {
  const texts = new NumberedTexts(2 * 10 * 74);
  const { asked, load } = database(1_000);
  for (let number = 2; number < 200; number++) {
    await texts.of([1], load);
    await texts.of([number], load);
  }
  expect(asked.filter(([number]) => number === 1)).toHaveLength(1);
  asked.length = 0;
  await texts.of([2], load);
  expect(asked).toEqual([[2]]);
});
