import fc from "fast-check";
import { expect, test } from "vitest";
import { PriorityQueue } from "./priority-queue.ts";

test("items come out smallest first, also when more are put in between", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (before, after) => {
      const queue = new PriorityQueue<number>((a, b) => a - b);
      for (const item of before) queue.push(item);
      const smallest = queue.pop();
      expect(smallest).toBe(before.length === 0 ? undefined : before.reduce((a, b) => Math.min(a, b)));
      for (const item of after) queue.push(item);
      const left = [...before.toSorted((a, b) => a - b).slice(1), ...after].sort((a, b) => a - b);
      expect(left.map(() => queue.pop())).toEqual(left);
      expect(queue.pop()).toBeUndefined();
    }),
  );
});
