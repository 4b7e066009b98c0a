import { expect, test } from "vitest";
import { KnownMembers } from "./known-members.ts";

const ALICE = "@alice:here";

test("what went out is known once a token from after it is presented", () => {
  const known = new KnownMembers();
  known.of(ALICE, "D", 1).told(new Set(["$a"]), 5);
  expect(known.of(ALICE, "D", 4).has("$a")).toBe(false);
  known.of(ALICE, "D", 4).told(new Set(["$a"]), 6);
  expect(known.of(ALICE, "D", 6).has("$a")).toBe(true);
  expect(known.of(ALICE, "D", 6).has("$a")).toBe(true);
});

test("a client that begins anew, or goes back, has nothing", () => {
  const known = new KnownMembers();
  known.of(ALICE, "D", 1).told(new Set(["$a"]), 5);
  expect(known.of(ALICE, "D", 5).has("$a")).toBe(true);
  expect(known.of(ALICE, "D", 0).has("$a")).toBe(false);
  expect(known.of(ALICE, "D", 5).has("$a")).toBe(false);
});

test("memory is bounded: devices used longest ago are forgotten first", () => {
  const known = new KnownMembers({ maxRemembered: 3 });
  known.of(ALICE, "OLD", 1).told(new Set(["$a", "$b"]), 2);
  known.of(ALICE, "NEW", 1).told(new Set(["$c", "$d"]), 2);
  expect(known.of(ALICE, "OLD", 2).has("$a")).toBe(false);
  expect(known.of(ALICE, "NEW", 2).has("$c")).toBe(true);
});
