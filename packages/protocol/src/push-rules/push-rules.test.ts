import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../../../../spec/vectors/default-push-rules.json" with { type: "json" };
import type { UserId } from "../identifiers/types.ts";
import type { JsonObject } from "../json.ts";
import { defaultPushRules } from "./default-push-rules.ts";
import { compilePushRules, evaluatePushRules } from "./evaluate.ts";
import { compileGlob, matchesWhole } from "./glob.ts";
import { propertyAt } from "./property-path.ts";
import { pushEvent } from "./push-event.ts";
import type { PushAction, PushRule, PushRuleset } from "./ruleset.ts";

const ALICE = "@alice:example.org";
const NONE: PushRuleset = { override: [], content: [], room: [], sender: [], underride: [] };
const NOTIFY: PushAction[] = ["notify"];

type Facts = { memberCount?: number; mayNotify?: boolean; displayName?: string };

function judge(rules: PushRuleset, event: JsonObject, { memberCount = 5, mayNotify = false, displayName }: Facts = {}) {
  const full = { type: "m.room.message", sender: "@bob:example.org", room_id: "!r:b", content: {}, ...event };
  const prepared = pushEvent({ event: full, memberCount, senderMayNotify: () => mayNotify });
  return evaluatePushRules(compilePushRules(rules, ALICE), prepared, { displayName });
}

const rule = (rule_id: string, rest: Partial<PushRule>): PushRule => ({
  rule_id,
  default: false,
  enabled: true,
  actions: NOTIFY,
  ...rest,
});
const holds = (condition: JsonObject, event: JsonObject, facts?: Facts): boolean =>
  judge({ ...NONE, override: [rule("x", { conditions: [condition] })] }, event, facts).ruleId === "x";
const inBody = (pattern: string, body: string): boolean =>
  judge({ ...NONE, content: [rule("x", { pattern })] }, { content: { body } }).ruleId === "x";

describe("the default rules", () => {
  const rules = defaultPushRules(ALICE);

  test("are those of the specification, in its order", () => {
    const { override, underride } = defaultPushRules(vectors.userId as UserId);
    expect({ override, underride }).toEqual({ override: vectors.override, underride: vectors.underride });
  });

  test.each<[string, JsonObject, Facts, string | undefined, boolean, boolean]>([
    ["a message in a group", {}, {}, ".m.rule.message", true, false],
    ["a message between two", {}, { memberCount: 2 }, ".m.rule.room_one_to_one", true, false],
    [
      "an encrypted event between two",
      { type: "m.room.encrypted" },
      { memberCount: 2 },
      ".m.rule.encrypted_room_one_to_one",
      true,
      false,
    ],
    ["a notice", { content: { msgtype: "m.notice" } }, {}, ".m.rule.suppress_notices", false, false],
    [
      "one's invite",
      { type: "m.room.member", state_key: ALICE, content: { membership: "invite" } },
      {},
      ".m.rule.invite_for_me",
      true,
      false,
    ],
    [
      "another's invite",
      { type: "m.room.member", state_key: "@c:d", content: { membership: "invite" } },
      {},
      ".m.rule.member_event",
      false,
      false,
    ],
    [
      "a mention",
      { content: { "m.mentions": { user_ids: ["@c:d", ALICE] } } },
      {},
      ".m.rule.is_user_mention",
      true,
      true,
    ],
    [
      "a mention of the room with power",
      { content: { "m.mentions": { room: true } } },
      { mayNotify: true },
      ".m.rule.is_room_mention",
      true,
      true,
    ],
    [
      "a mention of the room without",
      { content: { "m.mentions": { room: true } } },
      {},
      ".m.rule.message",
      true,
      false,
    ],
    [
      "the name in the body",
      { content: { body: "alice alice: @room" } },
      { displayName: "alice" },
      ".m.rule.message",
      true,
      false,
    ],
    ["a tombstone", { type: "m.room.tombstone", state_key: "" }, {}, ".m.rule.tombstone", true, true],
    ["a tombstone that is no state", { type: "m.room.tombstone" }, {}, undefined, false, false],
    ["a reaction", { type: "m.reaction" }, {}, ".m.rule.reaction", false, false],
    ["an edit", { content: { "m.relates_to": { rel_type: "m.replace" } } }, {}, ".m.rule.suppress_edits", false, false],
    ["a call", { type: "m.call.invite" }, {}, ".m.rule.call", true, false],
    ["one's own message", { sender: ALICE }, {}, undefined, false, false],
    ["an unknown type", { type: "x" }, {}, undefined, false, false],
  ])("%s", (_, event, facts, ruleId, notify, highlight) => {
    expect(judge(rules, event, facts)).toMatchObject({ ruleId, notify, highlight });
  });
});

describe("a ruleset", () => {
  const all: PushRuleset = {
    override: [rule("override", { conditions: [{ kind: "event_match", key: "content.body", pattern: "override" }] })],
    content: [rule("content", { pattern: "content" })],
    room: [rule("!quiet:b", { actions: [] })],
    sender: [rule("@carol:b", {})],
    underride: [rule("first", { conditions: [] }), rule("second", {})],
  };

  test("is tried kind by kind, and in order within a kind", () => {
    const everything = { content: { body: "override content" }, room_id: "!quiet:b", sender: "@carol:b" };
    expect(judge(all, everything).ruleId).toBe("override");
    expect(judge(all, { ...everything, content: { body: "content" } }).ruleId).toBe("content");
    expect(judge(all, { ...everything, content: {} })).toMatchObject({ ruleId: "!quiet:b", notify: false });
    expect(judge(all, { sender: "@carol:b" }).ruleId).toBe("@carol:b");
    expect(judge(all, {}).ruleId).toBe("first");
  });

  test("does not try disabled rules", () => {
    expect(judge({ ...NONE, underride: [rule("off", { enabled: false }), rule("on", {})] }, {}).ruleId).toBe("on");
  });

  test("drops the historical actions and reads the highlight tweak", () => {
    const verdict = (...actions: PushRule["actions"]) => judge({ ...NONE, override: [rule("x", { actions })] }, {});
    expect(verdict("dont_notify", "coalesce", { unknown: 1 })).toEqual({
      ruleId: "x",
      actions: [],
      notify: false,
      highlight: false,
    });
    expect(verdict({ set_tweak: "highlight" }).highlight).toBe(true);
    expect(verdict({ set_tweak: "highlight", value: true }).highlight).toBe(true);
    expect(verdict("notify", { set_tweak: "highlight", value: false })).toMatchObject({
      notify: true,
      highlight: false,
    });
  });
});

describe("event_match", () => {
  const matches = (key: string, pattern: string, event: JsonObject) =>
    holds({ kind: "event_match", key, pattern }, event);

  test("takes the whole value, whatever its case, and globs", () => {
    const topic = (value: never) => matches("content.topic", "lunc?*", { content: { topic: value } });
    expect([topic("Lunch plans" as never), topic("LUNCH" as never)]).toEqual([true, true]);
    expect([topic(" lunch" as never), topic("lunc" as never), topic(null as never)]).toEqual([false, false, false]);
    expect(matches("content.topic", "İx", { content: { topic: "İX" } })).toBe(true);
  });

  test("never holds for what is absent, no string, or only inherited", () => {
    expect(matches("content.topic", "*", { content: {} })).toBe(false);
    expect(matches("content.topic", "*", { content: { topic: 5 } })).toBe(false);
    expect(propertyAt({}, ["constructor"])).toBeUndefined();
    expect(matches("content.list.0", "*", { content: { list: ["a"] } })).toBe(false);
    expect(matches("state_key", "", {})).toBe(false);
    expect(matches("state_key", "", { state_key: "" })).toBe(true);
  });

  test("reads escaped dots and backslashes in a path", () => {
    const content = { "a.b": "1", "a\\b": "2", "a\\x": "3", a: { b: "4" }, "": "5" };
    expect(matches("content.a\\.b", "1", { content })).toBe(true);
    expect(matches("content.a\\\\b", "2", { content })).toBe(true);
    expect(matches("content.a\\x", "3", { content })).toBe(true);
    expect(matches("content.a.b", "4", { content })).toBe(true);
    expect(matches("content.", "5", { content })).toBe(true);
  });
});

describe("a pattern in the body", () => {
  test.each([
    ["ex*ple", "An example event.", true],
    ["ex*ple", "exple", true],
    ["ex*ple", "An exciting triple-whammy", true],
    ["cake", "Cake!", true],
    ["cake", "cakes", false],
    ["cake", "pancake", false],
    ["cake", "pancakes and cake", true],
    ["cake", "_cake", false],
    ["cake", "écake", true],
    ["@room", "hi @room now", true],
    ["foo", "", false],
    ["", "anything", true],
    ["*", "", true],
    ["c?ke", "a c\u{1F600}ke", true],
    ["c??ke", "a c\u{1F600}ke", false],
    ["cake*lie", "the cake is a lie", true],
    ["cake*lie", "cakes lie", true],
    ["cake*lie", "cake is a lier", false],
    ["cake*lie", "a lie about cake", false],
    ["*lie", "a big lie", true],
  ])("%j in %j: %s", (pattern, body, expected) => expect(inBody(pattern, body)).toBe(expected));

  test("that is made to be slow is not", () => {
    expect(inBody(`${"*a".repeat(100)}*b`, "a".repeat(60_000))).toBe(false);
    expect(inBody(`${"a?".repeat(50)}c`, "a ".repeat(30_000))).toBe(false);
  });
});

test("globs match as the regular expressions they stand for", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "-", "\u{1F600}"), maxLength: 10 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "-"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, letters, (glob, text) => {
      const source = glob.replaceAll("*", ".*").replaceAll("?", ".");
      expect(matchesWhole(compileGlob(glob), text)).toBe(new RegExp(`^${source}$`, "su").test(text));
      const boundary = "(?:^|$|(?<=[^a-z0-9_])|(?=[^a-z0-9_]))";
      const bounded = new RegExp(`${boundary}(?:${source})${boundary}`, "su");
      expect(inBody(glob, text)).toBe(bounded.test(text));
    }),
    { numRuns: 2000 },
  );
});

describe("other conditions", () => {
  test("event_property_is compares type and value", () => {
    const is = (value: never, actual: never) =>
      holds({ kind: "event_property_is", key: "content.m\\.federate", value }, { content: { "m.federate": actual } });
    expect([is(true as never, true as never), is(null as never, null as never), is(5 as never, 5 as never)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([is(true as never, "true" as never), is(true as never, 1 as never), is({} as never, {} as never)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(is(1.5 as never, 1.5 as never)).toBe(false);
    expect(holds({ kind: "event_property_is", key: "content.x", value: null }, {})).toBe(false);
  });

  test("event_property_contains looks for one item of a list", () => {
    const contains = (list: never) =>
      holds({ kind: "event_property_contains", key: "content.list", value: "a:b" }, { content: { list } });
    expect(contains(["x", "a:b"] as never)).toBe(true);
    expect([contains([":b", ["a:b"]] as never), contains("a:b" as never), contains({ "a:b": 1 } as never)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each([
    ["2", 2, true],
    ["2", 3, false],
    ["==2", 2, true],
    ["<3", 2, true],
    ["<2", 2, false],
    [">1", 2, true],
    [">=2", 2, true],
    ["<=2", 2, true],
    ["<=1", 2, false],
    ["!2", 3, false],
    ["two", 2, false],
    ["", 0, false],
  ])("room_member_count %s of %d: %s", (is, memberCount, expected) =>
    expect(holds({ kind: "room_member_count", is }, {}, { memberCount })).toBe(expected),
  );

  test("contains_display_name finds the name as a word, and takes no globs from it", () => {
    const named = (displayName: string, body: string) =>
      holds({ kind: "contains_display_name" }, { content: { body } }, { displayName });
    expect([named("Alice", "hi alice!"), named("Al*", "hi al* there"), named("B. O.", "so b. o.")]).toEqual([
      true,
      true,
      true,
    ]);
    expect([named("Alice", "malice"), named("Al*", "alice"), named("", "hi")]).toEqual([false, false, false]);
    expect(holds({ kind: "contains_display_name" }, { content: { body: "undefined" } })).toBe(false);
  });

  test.each<JsonObject>([
    { kind: "unknown" },
    {},
    { kind: "event_match", key: "type" },
    { kind: "event_match", pattern: "*" },
    { kind: 5 },
    { kind: "room_member_count" },
    { kind: "sender_notification_permission" },
  ])("%j never holds", (condition) => expect(holds(condition, {}, { mayNotify: true })).toBe(false));

  test("a content rule without a pattern never matches, one with conditions only when all hold", () => {
    expect(judge({ ...NONE, content: [rule("x", {})] }, { content: { body: "a" } }).ruleId).toBeUndefined();
    const conditions = [{ kind: "room_member_count", is: "2" }, { kind: "unknown" }];
    expect(judge({ ...NONE, override: [rule("x", { conditions })] }, {}, { memberCount: 2 }).ruleId).toBeUndefined();
  });
});
