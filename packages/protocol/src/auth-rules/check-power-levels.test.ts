import { describe, expect, test } from "vitest";
import { rawNumber } from "../canonical-json/raw-number.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { SUPPORTED_ROOM_VERSIONS } from "../room-versions/room-versions.ts";
import {
  ALICE,
  BOB,
  CAROL,
  createEvent,
  judge,
  member,
  powerLevels,
  ruleOf,
  versionNamed,
} from "./room-of-one-state.ts";

describe.each(SUPPORTED_ROOM_VERSIONS)("in room version %s", (id) => {
  const version = versionNamed(id);
  const number = Number(id);
  /** A rule by its place in version 1; version 10 put two before it, version 12 one more, after `users`. */
  const rule = (place: number, step?: number): string => {
    const group = number >= 6 && number <= 11 ? 9 : 10;
    const moved = place + (number >= 10 ? 2 : 0) + (number >= 12 && place > 1 ? 1 : 0);
    return step === undefined ? `${group}.${moved}` : `${group}.${moved}.${step}`;
  };

  /** Bob, whose level is 50, changes the power levels. */
  const change = (before: JsonObject, after: JsonObject, { bob = 50 }: { readonly bob?: number } = {}): string => {
    const users = { [BOB]: bob };
    const withBob = (content: JsonObject): JsonObject => ({
      state_default: 0,
      ...content,
      users: { ...users, ...(content["users"] as JsonObject | undefined) },
    });
    const state = [member(BOB, "join"), powerLevels(withBob(before))];
    return ruleOf(judge(version, powerLevels(withBob(after), { sender: BOB }), state));
  };
  const first = (content: JsonObject): string => ruleOf(judge(version, powerLevels(content)));

  test("the first power levels of a room may be anything well-formed", () => {
    expect(first({})).toBe("allowed");
    expect(first({ users: { [BOB]: 9000 }, ban: -5, events: { "m.room.name": 1000 } })).toBe("allowed");
  });

  test.each<[JsonValue]>([["50"], [" +050 "], ["-1"]])("the string %j is a level until version 9", (level) => {
    expect(first({ users: { [BOB]: level } })).toBe(number < 10 ? "allowed" : rule(1));
    expect(first({ ban: level })).toBe(number < 10 ? "allowed" : rule(-1));
    expect(first({ events: { x: level } })).toBe(number < 10 ? "allowed" : rule(0));
    expect(first({ notifications: { room: level } })).toBe(number < 10 ? "allowed" : rule(0));
  });

  test.each<[JsonValue]>([[50.5], [rawNumber("1.0")], [rawNumber("1e2")]])("the float %j is one too", (level) => {
    expect(first({ users: { [BOB]: level } })).toBe(number < 10 ? "allowed" : rule(1));
  });

  test.each<[JsonValue]>([
    ["many"],
    ["5.0"],
    ["1e2"],
    [""],
    ["0x10"],
    [null],
    [{}],
    [[50]],
    [true],
    [rawNumber("1e999")],
  ])("%j is no level of a user", (level) => {
    expect(first({ users: { [BOB]: level } })).toBe(rule(1));
  });

  test.each<[JsonValue]>([["@bob:b.example"], [5], [[]], [null], [{ bob: 5 }], [{ "@bob": 5 }], [{ "": 5 }]])(
    "users %j is no object of user ids",
    (users) => {
      expect(first({ users })).toBe(rule(1));
    },
  );

  test("a creator has no entry from version 12", () => {
    expect(first({ users: { [ALICE]: 100 } })).toBe(number < 12 ? "allowed" : "10.4");
    const additional = [createEvent(version, { additional_creators: [CAROL] })];
    const verdict = judge(version, powerLevels({ users: { [CAROL]: 0 } }), additional);
    expect(ruleOf(verdict)).toBe(number < 12 ? "allowed" : "10.4");
  });

  describe.each(["users_default", "events_default", "state_default", "ban", "redact", "kick", "invite"])(
    "%s",
    (name) => {
      test("changes up to the sender's level", () => {
        expect(change({ [name]: 10 }, { [name]: 50 })).toBe("allowed");
        expect(change({ [name]: 10 }, { [name]: 51 })).toBe(rule(3, 2));
      });

      // The required level of the event itself must not be what refuses it.
      const guarded = { events: { "m.room.power_levels": 0 } };
      test("does not change, nor go, from above the sender's level", () => {
        expect(change({ ...guarded, [name]: 51 }, { ...guarded, [name]: 50 })).toBe(rule(3, 1));
        expect(change({ ...guarded, [name]: 51 }, { ...guarded, [name]: 51 })).toBe("allowed");
        if (name !== "state_default") expect(change({ ...guarded, [name]: 51 }, guarded)).toBe(rule(3, 1));
      });

      if (name !== "state_default")
        test("is not added above the sender's level, even where the default is higher", () => {
          expect(change({}, { [name]: 51 })).toBe(rule(3, 2));
          expect(change({}, { [name]: 50 })).toBe("allowed");
        });
    },
  );

  test("an entry of events changes, comes and goes up to the sender's level", () => {
    const events = (level: number): JsonObject => ({ events: { "m.room.name": level } });
    expect(change(events(10), events(50))).toBe("allowed");
    expect(change({}, events(50))).toBe("allowed");
    expect(change(events(50), {})).toBe("allowed");
    expect(change(events(10), events(51))).toBe(rule(5, 1));
    expect(change({}, events(51))).toBe(rule(5, 1));
    expect(change(events(51), events(10))).toBe(rule(4, 1));
    expect(change(events(51), {})).toBe(rule(4, 1));
    expect(change(events(51), events(51))).toBe("allowed");
  });

  test("an entry of notifications is guarded from version 6", () => {
    const notifications = (level: number): JsonObject => ({ notifications: { room: level } });
    expect(change(notifications(10), notifications(51))).toBe(number < 6 ? "allowed" : rule(5, 1));
    expect(change(notifications(51), notifications(10))).toBe(number < 6 ? "allowed" : rule(4, 1));
    expect(change(notifications(10), notifications(50))).toBe("allowed");
  });

  test("another user's entry changes and goes only from below the sender's level, and up to it", () => {
    const users = (level: number): JsonObject => ({ users: { [CAROL]: level } });
    expect(change(users(49), users(50))).toBe("allowed");
    expect(change(users(49), {})).toBe("allowed");
    expect(change({}, users(50))).toBe("allowed");
    expect(change(users(49), users(51))).toBe(rule(7, 1));
    expect(change({}, users(51))).toBe(rule(7, 1));
    expect(change(users(50), users(49))).toBe(rule(6, 1));
    expect(change(users(50), {})).toBe(rule(6, 1));
    expect(change(users(50), users(50))).toBe("allowed");
  });

  test("the sender's own entry goes down and not up", () => {
    expect(change({}, { users: { [BOB]: 0 } })).toBe("allowed");
    expect(change({}, { users: { [BOB]: 51 } })).toBe(rule(7, 1));
  });

  if (number < 10)
    test("levels are compared as numbers, however they are written", () => {
      expect(change({ ban: 90 }, { ban: "90" })).toBe("allowed");
      expect(change({ users: { [CAROL]: "090" } }, { users: { [CAROL]: 90 } })).toBe("allowed");
      expect(change({ ban: 50.9 }, { ban: 50 })).toBe("allowed");
      expect(change({ ban: 0 }, { ban: "51" })).toBe(rule(3, 2));
    });

  if (number < 10)
    test("what is malformed is not changed, not even into something sound", () => {
      expect(change({ ban: "much" }, { ban: 1 })).toBe(rule(3, 1));
      expect(change({ ban: 1 }, { ban: "much" })).toBe(rule(3, 2));
      expect(change({ events: { "m.room.power_levels": 0 } }, { events: [] })).toBe(rule(4, 1));
    });

  if (number >= 12)
    test("a creator changes whatever others cannot", () => {
      const state = [powerLevels({ ban: 1000, users: { [BOB]: 1000 } })];
      expect(ruleOf(judge(version, powerLevels({ users: { [BOB]: 5 } }), state))).toBe("allowed");
    });
});
