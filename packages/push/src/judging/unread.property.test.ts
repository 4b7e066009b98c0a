import {
  compilePushRules,
  type EventId,
  evaluatePushRules,
  type JsonObject,
  type Pdu,
  pushEvent,
  type RoomId,
  type UserId,
} from "@croft/protocol";
import type { AddedEvent } from "@croft/rooms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { setPushRuleEnabled } from "../push-rules/amend-push-rule.ts";
import { changePushRules } from "../push-rules/change-push-rules.ts";
import { getPushRules } from "../push-rules/get-push-rules.ts";
import { setPushRule } from "../push-rules/set-push-rule.ts";
import { type Said, type TestPush, testPush } from "../test-push.ts";

const creator: UserId = "@creator:here";
const members: readonly UserId[] = ["@ann:here", "@ben:here", "@cat:here"];
const users = [creator, ...members];

type Action =
  | { readonly does: "say"; readonly user: number; readonly what: keyof typeof SAYINGS; readonly at: number }
  | { readonly does: "read"; readonly user: number; readonly at: number; readonly how: number; readonly type: number }
  | { readonly does: "rule"; readonly user: number; readonly which: number }
  | { readonly does: "member"; readonly user: number; readonly membership: "join" | "leave" };

type Told = {
  readonly eventId: EventId;
  readonly pdu: Pdu;
  readonly position: number;
  readonly thread: string;
  /** What every user's whole rules say of it, as they were at the time. */
  readonly verdicts: ReadonlyMap<UserId, { readonly notify: boolean; readonly highlight: boolean }>;
};

const text = (body: string, more: JsonObject = {}): Said => ({ content: { msgtype: "m.text", body, ...more } });
const mentions = (mentioned: JsonObject) => text("you", { "m.mentions": mentioned });
const relates = (rel_type: string, event_id: EventId, more: JsonObject = {}): Said => ({
  ...text("cake", { "m.relates_to": { rel_type, event_id }, ...more }),
});

/** What is said of an earlier event, or in its thread, or by itself. */
const SAYINGS = {
  text: () => text("hello"),
  keyword: () => text("more cake please"),
  notice: () => ({ content: { msgtype: "m.notice", body: "cake" } }),
  mention: ({ pdu }) => mentions({ user_ids: [pdu.sender, "@ben:here", "@none:here"] }),
  room: () => mentions({ room: true }),
  encrypted: () => ({ type: "m.room.encrypted", content: { algorithm: "x" } }),
  topic: () => ({ type: "m.room.topic", stateKey: "", content: { topic: "cake" } }),
  tombstone: () => ({ type: "m.room.tombstone", stateKey: "", content: { body: "x", replacement_room: "!x:here" } }),
  edit: ({ eventId, pdu }) =>
    relates("m.replace", eventId, { "m.mentions": { user_ids: ["@cat:here", pdu.sender] }, "m.new_content": {} }),
  reply: ({ eventId, thread }) => relates("m.thread", thread === "main" ? eventId : (thread as EventId)),
  reference: ({ eventId }) => relates("m.reference", eventId),
  redaction: ({ eventId }) => ({ type: "m.room.redaction", content: { redacts: eventId }, redacts: eventId }),
} satisfies { readonly [kind: string]: (earlier: Told) => Said };

const RULES: ((roomId: RoomId) => Omit<Parameters<typeof setPushRule>[1], "userId">)[] = [
  (roomId) => ({ kind: "room", ruleId: roomId, actions: [] }),
  () => ({ kind: "content", ruleId: "cake", pattern: "cake", actions: ["notify", { set_tweak: "highlight" }] }),
  () => ({ kind: "override", ruleId: "all", conditions: [], actions: ["notify"] }),
  () => ({ kind: "underride", ruleId: "all", conditions: [], actions: [{ set_tweak: "highlight" }] }),
  () => ({ kind: "sender", ruleId: creator, actions: [] }),
];

class Room {
  readonly #push: TestPush;
  readonly #joinedAt = new Map<UserId, number>([[creator, 0]]);
  readonly #read: { userId: UserId; thread: string | undefined; position: number }[] = [];
  readonly #told: Told[] = [];
  readonly #redacted = new Set<EventId>();
  readonly roomId: RoomId;

  constructor(push: TestPush, roomId: RoomId) {
    this.#push = push;
    this.roomId = roomId;
  }

  async member(user: UserId, membership: "join" | "leave"): Promise<void> {
    if (this.#joinedAt.has(user) === (membership === "join")) return;
    const added = await this.#push.member(this.roomId, user, membership);
    if (membership === "join") this.#joinedAt.set(user, this.#push.storage.position());
    else this.#joinedAt.delete(user);
    await this.#tell(added);
  }

  async say(sender: UserId, what: keyof typeof SAYINGS, at: number): Promise<void> {
    if (!this.#joinedAt.has(sender)) return;
    const nothing: Told = {
      eventId: "$none",
      pdu: { sender } as Pdu,
      position: 0,
      thread: "main",
      verdicts: new Map(),
    };
    const earlier = this.#told[at % Math.max(this.#told.length, 1)] ?? nothing;
    // Only who has power may set the state and redact what is another's.
    const said: Said = SAYINGS[what](earlier);
    const by = said.stateKey === undefined && what !== "redaction" ? sender : creator;
    const { thread, position } = await this.#tell(await this.#push.say(this.roomId, by, said));
    this.#read.push({ userId: by, thread, position });
    if (what === "redaction") this.#redacted.add(earlier.eventId);
  }

  async #tell({ eventId, pdu }: AddedEvent): Promise<Told> {
    const stored = await this.#push.storage.read.events.byId(eventId);
    const { position = 0, threadRoot: thread = "main" } = stored ?? {};
    const told = { eventId, pdu, position, thread, verdicts: await this.#verdicts(pdu) };
    this.#told.push(told);
    return told;
  }

  async read(userId: UserId, { at, how, type }: { at: number; how: number; type: number }): Promise<void> {
    const told = this.#told[at % Math.max(this.#told.length, 1)];
    if (told === undefined) return;
    const { eventId, position: eventPosition, thread } = told;
    const threadId = how === 0 ? undefined : thread;
    await this.#push.storage.write(async (tx) => {
      const receipt = { roomId: this.roomId, userId, threadId, eventId, eventPosition, ts: 1 };
      tx.receipts.set({ ...receipt, type: type === 0 ? "m.read" : "m.read.private" });
    });
    this.#read.push({ userId, thread: threadId, position: eventPosition });
  }

  /** Counts by looking at every event. */
  unread(userId: UserId): { [timeline: string]: [number, number] } {
    const counts: { [timeline: string]: [number, number] } = {};
    const joinedAt = this.#joinedAt.get(userId);
    if (joinedAt === undefined) return counts;
    for (const { eventId, position, thread, verdicts } of this.#told) {
      const verdict = verdicts.get(userId);
      if (!verdict?.notify || position < joinedAt || this.#redacted.has(eventId)) continue;
      const isRead = this.#read.some(
        (read) =>
          read.userId === userId && (read.thread === undefined || read.thread === thread) && read.position >= position,
      );
      if (isRead) continue;
      const [notifications, highlights] = counts[thread] ?? [0, 0];
      counts[thread] = [notifications + 1, highlights + Number(verdict.highlight)];
    }
    return counts;
  }

  async #verdicts(event: Pdu): Promise<Told["verdicts"]> {
    const senderMayNotify = () => event.sender === creator;
    const prepared = pushEvent({ event, memberCount: this.#joinedAt.size, senderMayNotify });
    const verdicts = users.map(async (userId) => {
      const rules = compilePushRules(await getPushRules(this.#push, userId), userId);
      return [userId, evaluatePushRules(rules, prepared, { displayName: undefined })] as const;
    });
    return new Map(await Promise.all(verdicts));
  }
}

const user = fc.nat(users.length - 1);
const at = fc.nat(50);
const what = fc.constantFrom(...(Object.keys(SAYINGS) as (keyof typeof SAYINGS)[]));
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("say"), user, what, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("read"), user, at, how: fc.nat(1), type: fc.nat(1) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("rule"), user, which: fc.nat(RULES.length) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant("member"),
      user: fc.integer({ min: 1, max: users.length - 1 }),
      membership: fc.constantFrom("join", "leave"),
    }),
  },
);

test("what is counted is what every member's rules say of every event, whatever was said, read and changed", async () => {
  await using push = await testPush();
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
      const room = new Room(push, await push.room(creator, []));
      for (const userId of users) await changePushRules(push, userId, () => ({ own: {}, changed: {} }));
      for (const userId of members) await room.member(userId, "join");
      for (const action of actions) await run(push, room, action);
      for (const userId of users) expect(await push.unread(room.roomId, userId)).toEqual(room.unread(userId));
    }),
    { numRuns: 50 },
  );
}, 60_000);

async function run(push: TestPush, room: Room, action: Action): Promise<void> {
  const userId = users[action.user] as UserId;
  switch (action.does) {
    case "say":
      return room.say(userId, action.what, action.at);
    case "read":
      return room.read(userId, action);
    case "member":
      return room.member(userId, action.membership);
    case "rule": {
      const rule = RULES[action.which]?.(room.roomId);
      if (rule !== undefined) return setPushRule(push, { userId, ...rule });
      const enabled = !(await getPushRules(push, userId)).underride.find(({ rule_id }) => rule_id === ".m.rule.message")
        ?.enabled;
      return setPushRuleEnabled(push, { userId, kind: "underride", ruleId: ".m.rule.message", enabled });
    }
  }
}
