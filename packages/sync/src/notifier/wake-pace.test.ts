import { TestClock } from "@croft/runtime";
import { expect, test } from "vitest";
import { WakePace } from "./wake-pace.ts";

/** A clock whose timers come late while the loop is busy. */
class LaggingClock extends TestClock {
  lag = 0;

  override after(ms: number, callback: () => void): () => void {
    return super.after(ms + this.lag, callback);
  }
}

function paced() {
  const clock = new LaggingClock();
  const woken: number[] = [];
  const pace = new WakePace<number>({ clock, wake: (item) => woken.push(item) });
  const wake = (...items: number[]) => {
    for (const item of items) pace.add(item);
    pace.flush();
  };
  return { clock, woken, wake, pace };
}

test("while little happens a wake is immediate", () => {
  const { clock, woken, wake } = paced();
  wake(1);
  expect(woken).toEqual([1]);
  clock.advance(1000);
  wake(2);
  expect(woken).toEqual([1, 2]);
});

test("who is touched twice by one commit is woken once", () => {
  const { woken, wake } = paced();
  wake(1, 1, 1);
  expect(woken).toEqual([1]);
});

test("many at once are woken in slices, all of them soon", () => {
  const { clock, woken, wake } = paced();
  wake(...Array.from({ length: 1000 }, (_, index) => index));
  expect(woken.length).toBeLessThan(100);
  clock.advance(100);
  expect(woken).toHaveLength(1000);
});

test("once timers come late, wakes are gathered: many touches of one waiter are one wake", () => {
  const { clock, woken, wake } = paced();
  clock.lag = 20;
  wake(1);
  clock.advance(50);
  woken.length = 0;
  for (let commit = 0; commit < 20; commit++) {
    wake(1);
    clock.advance(1);
  }
  expect(woken).toEqual([]);
  clock.advance(30);
  expect(woken).toEqual([1]);
});

test("after a quiet moment a wake is immediate again", () => {
  const { clock, woken, wake } = paced();
  clock.lag = 20;
  wake(1);
  clock.lag = 0;
  clock.advance(200);
  wake(2);
  expect(woken).toEqual([1, 2]);
});

test("who has left meanwhile is not woken", () => {
  const { clock, woken, wake, pace } = paced();
  wake(...Array.from({ length: 30 }, (_, index) => index));
  pace.delete(29);
  clock.advance(100);
  expect(woken).toHaveLength(29);
});
