import type { EventId, JsonObject, RoomId, UserId } from "@croft/protocol";
import type { JudgedEvent } from "@croft/rooms";
import { expect, test } from "vitest";
import { setPushRuleActions, setPushRuleEnabled } from "../push-rules/amend-push-rule.ts";
import { deletePushRule } from "../push-rules/delete-push-rule.ts";
import { setPushRule } from "../push-rules/set-push-rule.ts";
import { type TestPush, testPush } from "../test-push.ts";
import { createNotificationJudge } from "./notification-judge.ts";
import { OwnRules } from "./own-rules.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";
const carol: UserId = "@carol:here";

const mention = (...user_ids: readonly string[]): { content: JsonObject } => ({
  content: { msgtype: "m.text", body: "look", "m.mentions": { user_ids } },
});
const inThread = (root: EventId) => ({
  content: { msgtype: "m.text", body: "hm", "m.relates_to": { rel_type: "m.thread", event_id: root } },
});
const mute = (push: TestPush, userId: UserId, roomId: RoomId) =>
  setPushRule(push, { userId, kind: "room", ruleId: roomId, actions: [] });

test("a message counts for everyone but its sender, a notice for nobody", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  await push.say(roomId, alice);
  await push.say(roomId, alice, { content: { msgtype: "m.notice", body: "beep" } });
  expect(await push.unread(roomId, alice)).toEqual({});
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
  expect(await push.unread(roomId, carol)).toEqual({ main: [1, 0] });
});

test("a mention highlights for whom it names alone", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  await push.say(roomId, alice, mention(bob, bob, alice, "nonsense", "@stranger:here", "@bob:elsewhere"));
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 1] });
  expect(await push.unread(roomId, carol)).toEqual({ main: [1, 0] });
  expect(await push.unread(roomId, alice)).toEqual({});
});

test("an edit counts for nobody but whom it mentions", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  const { eventId } = await push.say(roomId, alice);
  const { content } = mention(carol);
  await push.say(roomId, alice, {
    content: { ...content, "m.new_content": content, "m.relates_to": { rel_type: "m.replace", event_id: eventId } },
  });
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
  expect(await push.unread(roomId, carol)).toEqual({ main: [2, 1] });
});

test("@room highlights for all, if its sender has the power for it", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  const content = { msgtype: "m.text", body: "@room", "m.mentions": { room: true } };
  await push.say(roomId, bob, { content });
  expect(await push.unread(roomId, carol)).toEqual({ main: [1, 0] });
  await push.say(roomId, alice, { content });
  expect(await push.unread(roomId, carol)).toEqual({ main: [2, 1] });
});

test("who names what is no user in a mention notifies nobody of it", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob]);
  const said = [["@:"], [""], "@bob:here", null].map((user_ids) => ({ "m.mentions": { user_ids } }));
  for (const content of said) await push.say(roomId, alice, { type: "org.example.quiet", content });
  expect(await push.unread(roomId, bob)).toEqual({});
});

test("a thread is counted apart, and who answers in it has read it", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob]);
  const { eventId: root } = await push.say(roomId, alice);
  await push.say(roomId, alice, inThread(root));
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0], [root]: [1, 0] });
  await push.say(roomId, bob, inThread(root));
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
  await push.say(roomId, bob);
  expect(await push.unread(roomId, bob)).toEqual({});
});

test("a change of profile reads no room", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob]);
  await push.say(roomId, alice);
  const content = { membership: "join", displayname: "Bobby" };
  await push.say(roomId, bob, { type: "m.room.member", stateKey: bob, content });
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
});

test("a muted room counts nothing from then on, and what was unread stays so", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  await push.say(roomId, alice);
  await mute(push, bob, roomId);
  await push.say(roomId, alice);
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
  expect(await push.unread(roomId, carol)).toEqual({ main: [2, 0] });
  await deletePushRule(push, { userId: bob, kind: "room", ruleId: roomId });
  await push.say(roomId, alice);
  expect(await push.unread(roomId, bob)).toEqual({ main: [2, 0] });
});

test("a keyword of one's own highlights, and with the master rule nothing counts at all", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  const actions = ["notify", { set_tweak: "highlight" }];
  await setPushRule(push, { userId: bob, kind: "content", ruleId: "cake", pattern: "cake", actions });
  const master = { userId: carol, kind: "override", ruleId: ".m.rule.master" } as const;
  await setPushRuleEnabled(push, { ...master, enabled: true });
  await push.say(roomId, alice, { content: { msgtype: "m.text", body: "there is Cake!" } });
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 1] });
  expect(await push.unread(roomId, carol)).toEqual({});
});

test("a changed default rule decides, and a tweak without notify is no highlight", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob]);
  const rule = { userId: bob, kind: "override", ruleId: ".m.rule.reaction" } as const;
  await setPushRuleActions(push, { ...rule, actions: ["notify"] });
  const { eventId } = await push.say(roomId, alice, { type: "org.example.quiet", content: {} });
  const react = (key: string) =>
    push.say(roomId, alice, {
      type: "m.reaction",
      content: { "m.relates_to": { rel_type: "m.annotation", event_id: eventId, key } },
    });
  await react("+1");
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
  await setPushRuleActions(push, { ...rule, actions: [{ set_tweak: "highlight" }] });
  await react("-1");
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
});

test("rules of one's own count in rooms joined afterwards, and no more once one has left", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [carol]);
  await push.say(roomId, alice);
  await setPushRule(push, { userId: bob, kind: "sender", ruleId: alice, actions: [] });
  await push.member(roomId, bob, "join");
  await push.say(roomId, alice);
  expect(await push.unread(roomId, bob)).toEqual({});
  expect(await push.unread(roomId, carol)).toEqual({ main: [2, 0] });
  await push.member(roomId, bob, "leave");
  expect(await push.ownRules.ofMembers(roomId)).toEqual([]);
  await push.member(roomId, bob, "join");
  await push.say(roomId, carol);
  expect(await push.unread(roomId, bob)).toEqual({ main: [1, 0] });
});

test("a rule for one's name looks for the name one has in the room", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob]);
  const content = { membership: "join", displayname: "Bobby" };
  await push.say(roomId, bob, { type: "m.room.member", stateKey: bob, content });
  const conditions = [{ kind: "contains_display_name" }];
  const actions = ["notify", { set_tweak: "highlight" }];
  await setPushRule(push, { userId: bob, kind: "override", ruleId: "name", conditions, actions });
  await push.say(roomId, alice, { content: { msgtype: "m.text", body: "Bobby, look" } });
  await push.say(roomId, alice, { content: { msgtype: "m.text", body: "Bob, look" } });
  expect(await push.unread(roomId, bob)).toEqual({ main: [2, 1] });
});

test("what is redacted counts no more, for those with rules of their own either", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  await setPushRule(push, { userId: bob, kind: "override", ruleId: "all", conditions: [], actions: ["notify"] });
  const said = await push.say(roomId, alice, mention(carol));
  const quiet = await push.say(roomId, alice, { type: "org.example.quiet", content: {} });
  for (const { eventId } of [said, quiet]) {
    await push.say(roomId, alice, { type: "m.room.redaction", content: { redacts: eventId }, redacts: eventId });
  }
  expect(await push.unread(roomId, bob)).toEqual({ main: [2, 0] });
  expect(await push.unread(roomId, carol)).toEqual({});
});

test("a restart changes nothing of whose rules count", async () => {
  await using push = await testPush();
  const { storage } = push;
  const roomId = await push.room(alice, [bob, carol]);
  await mute(push, bob, roomId);
  const ownRules = new OwnRules({ storage });
  const members = await ownRules.ofMembers(roomId);
  expect(members.map(({ userId }) => userId)).toEqual([bob]);
});

test("nothing is read to judge a message in a room lately judged for", async () => {
  await using push = await testPush();
  const roomId = await push.room(alice, [bob, carol]);
  await mute(push, bob, roomId);
  const { pdu, eventId } = await push.say(roomId, alice);
  const judged = await push.graph.append(roomId, async ({ version, levels, joined }): Promise<JudgedEvent> => {
    const state = async () => undefined;
    return { roomId, eventId, event: pdu, version, levels, joined, threadRoot: undefined, state };
  });
  expect(push.judge.judge(judged)).toMatchObject({ notifies: true, highlights: false });
  const cold = createNotificationJudge({ ownRules: new OwnRules(push), serverName: "here" });
  expect(cold.judge(judged)).toBeInstanceOf(Promise);
});
