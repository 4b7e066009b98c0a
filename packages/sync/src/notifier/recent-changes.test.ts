import { expect, test } from "vitest";
import { RecentChanges } from "./recent-changes.ts";

test("a change counts for those who have not seen it", () => {
  const recent = new RecentChanges({ position: 10 });
  recent.touched("!room:here", 12);
  expect(recent.changed("!room:here", 11)).toBe(true);
  expect(recent.changed("!room:here", 12)).toBe(false);
  expect(recent.changed("!other:here", 11)).toBe(false);
});

test("nothing is known of what happened before it began", () => {
  const recent = new RecentChanges({ position: 10 });
  expect(recent.reachesBack(9)).toBe(false);
  expect(recent.reachesBack(10)).toBe(true);
});

test("what is forgotten is not taken for unchanged: memory then reaches back less far", () => {
  const recent = new RecentChanges({ position: 0, maxRemembered: 2 });
  recent.touched("!a:here", 1);
  recent.touched("!b:here", 2);
  recent.touched("!a:here", 3);
  recent.touched("!c:here", 4);
  expect(recent.changed("!b:here", 0)).toBe(false);
  expect(recent.reachesBack(1)).toBe(false);
  expect(recent.reachesBack(2)).toBe(true);
  expect(recent.changed("!a:here", 2)).toBe(true);
});
