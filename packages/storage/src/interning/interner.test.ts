import { expect, test } from "vitest";
import { Interner } from "./interner.ts";

const nothingStored = async () => new Map<string, number>();

test("an id stays announced until the last write that brings it has ended", () => {
  const interner = new Interner(nothingStored);
  interner.announce("user", "@a:x", 7);
  interner.announce("user", "@a:x", 7);
  interner.settle("user", "@a:x", 7, false);
  expect(interner.pending("user", "@a:x")).toBe(7);
  interner.settle("user", "@a:x", 7, false);
  expect(interner.pending("user", "@a:x")).toBeUndefined();
  expect(interner.committed("user", "@a:x")).toBeUndefined();
});

test("an id is committed as soon as one of the writes that bring it is", () => {
  const interner = new Interner(nothingStored);
  interner.announce("user", "@a:x", 7);
  interner.announce("user", "@a:x", 7);
  interner.settle("user", "@a:x", 7, true);
  interner.settle("user", "@a:x", 7, false);
  expect(interner.committed("user", "@a:x")).toBe(7);
  expect(interner.pending("user", "@a:x")).toBeUndefined();
});

test("an id committed while it is looked up is not taken for unknown, even if memory has dropped it since", async () => {
  let lookUps = 0;
  const interner = new Interner(async () => {
    if (lookUps++ > 0) return new Map([["@late:x", 7]]);
    interner.announce("user", "@late:x", 7);
    interner.settle("user", "@late:x", 7, true);
    for (let n = 0; interner.committed("user", "@late:x") !== undefined; ) {
      for (const end = n + 100_000; n < end; n++) interner.settle("user", `@${n}:x`, n + 100, true);
    }
    return new Map();
  });
  expect(await interner.load("user", ["@late:x"])).toEqual(new Map([["@late:x", 7]]));
});
