import type { StoredEvent } from "@croft/storage";
import { describe, expect, test } from "vitest";
import { compileEventFilter, compileRoomEventFilter } from "./event-filter.ts";

const ALICE = "@alice:test";
const BOB = "@bob:test";

const passes = (filter: Parameters<typeof compileEventFilter>[0], type: string, sender: string = ALICE) =>
  compileEventFilter(filter).matches({ type, sender });

describe("types and senders", () => {
  test("an absent list lets everything through, an empty one nothing", () => {
    expect(passes({}, "m.room.message")).toBe(true);
    expect(passes({ types: [] }, "m.room.message")).toBe(false);
    expect(passes({ senders: [] }, "m.room.message")).toBe(false);
    expect(passes({ not_types: [], not_senders: [] }, "m.room.message")).toBe(true);
  });

  test("what is excluded stays out though it is included too", () => {
    expect(passes({ types: ["m.room.*"], not_types: ["m.room.member"] }, "m.room.member")).toBe(false);
    expect(passes({ senders: [ALICE], not_senders: [ALICE] }, "m.room.member")).toBe(false);
    expect(passes({ senders: [BOB] }, "m.room.member")).toBe(false);
  });

  test.each([
    ["*", "anything", true],
    ["m.room.*", "m.room.name", true],
    ["m.room.*", "m.room", false],
    ["*.name", "m.room.name", true],
    ["m.*.name", "m.room.name", true],
    ["m.*.*.name", "m.room.name", false],
    ["a*a", "a", false],
    ["a*b*b", "ab", false],
    ["a*b*b", "abb", true],
    ["m.room.name", "m.room.names", false],
    ["m.room.nam?", "m.room.name", false],
    ["m+room*", "m.room.name", false],
    ["M.ROOM.*", "m.room.name", false],
  ])("%s against %s: %s", (pattern, type, expected) => {
    expect(passes({ types: [pattern] }, type)).toBe(expected);
  });

  test("a pattern of stars alone is answered at once", () => {
    expect(passes({ types: [`${"*a".repeat(5000)}b`] }, "a".repeat(5000))).toBe(false);
  });

  test("what has no sender is not concerned by senders", () => {
    expect(compileEventFilter({ senders: [BOB] }).matches({ type: "m.tag" })).toBe(true);
  });
});

describe("rooms and urls", () => {
  test("rooms are included and excluded by id", () => {
    expect(compileRoomEventFilter({}).allowsRoom("!a")).toBe(true);
    expect(compileRoomEventFilter({ rooms: ["!a"] }).allowsRoom("!b")).toBe(false);
    expect(compileRoomEventFilter({ rooms: ["!a"], not_rooms: ["!a"] }).allowsRoom("!a")).toBe(false);
  });

  test("contains_url looks for url at the top of the content only", () => {
    const event = (content: object): StoredEvent => {
      const json = JSON.stringify(content);
      return {
        eventId: "$event",
        roomId: "!room:test",
        type: "m.room.message",
        sender: ALICE,
        stateKey: undefined,
        originServerTs: 0,
        depth: 1,
        position: 1,
        json,
        contentStart: 0,
        contentEnd: json.length,
        status: "accepted",
        stateBefore: 0,
        stateAfter: 0,
        redactedBy: undefined,
        sentBy: undefined,
        threadRoot: undefined,
      };
    };
    const withUrl = compileRoomEventFilter({ contains_url: true });
    const withoutUrl = compileRoomEventFilter({ contains_url: false });
    expect(withUrl.matches(event({ url: "mxc://a/b" }))).toBe(true);
    expect(withoutUrl.matches(event({ url: "mxc://a/b" }))).toBe(false);
    expect(withUrl.matches(event({ file: { url: "mxc://a/b" } }))).toBe(false);
    expect(withoutUrl.matches(event({ body: "no url" }))).toBe(true);
  });
});
