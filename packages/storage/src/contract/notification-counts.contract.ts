import type { EventId, RoomId, UserId } from "@croft/protocol";
import { expect, test } from "vitest";
import type { NewEvent } from "../stores/events.ts";
import type { NotificationDeviation } from "../stores/notification-counts.ts";
import type { ReceiptRecord } from "../stores/receipts.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";

const alice: UserId = "@alice:example.org";
const bob: UserId = "@bob:example.org";
const roomId: RoomId = "!room:example.org";
const elsewhere: RoomId = "!elsewhere:example.org";

type Deviates = Partial<Pick<NotificationDeviation, "notifies" | "highlights">>;

export function notificationCountsContract(storage: () => ContractStorage): void {
  /** An event of Bob's that notifies, but for what is given; answers its position. */
  const say = async (
    eventId: EventId,
    { forAlice, ...given }: Partial<NewEvent> & { readonly forAlice?: Deviates } = {},
  ): Promise<number> => {
    await storage().write(async (tx) => {
      const event = sampleEvent({ eventId, position: tx.nextPosition(), sender: bob, notifies: true, ...given });
      tx.events.append(event);
      if (forAlice === undefined) return;
      const { position, threadRoot } = event;
      tx.notificationCounts.deviate({
        eventId,
        roomId: event.roomId,
        threadRoot,
        position,
        userId: alice,
        notifies: 0,
        highlights: 0,
        ...forAlice,
      });
    });
    return storage().position();
  };
  const join = async (userId: UserId = alice, joined: RoomId = roomId, membership: "join" | "leave" = "join") => {
    const eventId: EventId = `$member-${userId}-${joined}-${storage().position()}`;
    await storage().write(async (tx) => {
      const position = tx.nextPosition();
      tx.events.append(sampleEvent({ eventId, position, roomId: joined, type: "m.room.member", sender: userId }));
      const joinedSince = membership === "join" ? position : undefined;
      const change = { roomId: joined, userId, membership, eventId, position, joinedSince, sender: userId };
      tx.memberships.set({ ...change, strippedState: undefined });
    });
  };
  const read = (eventPosition: number, given: Partial<ReceiptRecord> = {}) =>
    storage().write(async (tx) => {
      const receipt = { roomId, userId: alice, type: "m.read", threadId: undefined, eventId: "$read", ts: 1 } as const;
      tx.receipts.set({ ...receipt, eventPosition, ...given });
    });
  /** By timeline: notifications, highlights. */
  const unread = async (userId: UserId = alice, asked: RoomId = roomId) => {
    const records = await storage().read.notificationCounts.unread({ userId, roomIds: [asked] });
    return Object.fromEntries(records.map((one) => [one.threadRoot ?? "main", [one.notifications, one.highlights]]));
  };

  test("what notifies counts for members, but not for whoever sent it", async () => {
    await join();
    await join(bob);
    await say("$1");
    await say("$2", { highlights: true });
    await say("$3", { notifies: false });
    expect(await unread()).toEqual({ main: [2, 1] });
    expect(await unread(bob)).toEqual({});
    expect(await unread("@nobody:example.org")).toEqual({});
  });

  test("nothing counts of a sender who is ignored, whatever it would mean to the user", async () => {
    await join();
    await say("$1", { forAlice: { highlights: 1 } });
    await say("$2", { notifies: false, forAlice: { notifies: 1, highlights: 1 } });
    await say("$3", { threadRoot: "$1" });
    await say("$4", { forAlice: { notifies: -1 } });
    const ignoring = (ignored: UserId[]) =>
      storage().read.notificationCounts.unread({ userId: alice, roomIds: [roomId], ignored });
    expect(await ignoring([bob])).toEqual([]);
    expect(await ignoring(["@other:example.org"])).toEqual(await ignoring([]));
    expect(await ignoring([])).toHaveLength(2);
  });

  test("nothing from before the join counts, and nothing at all after leaving", async () => {
    await say("$1");
    await join();
    await say("$2");
    expect(await unread()).toEqual({ main: [1, 0] });
    await join(alice, roomId, "leave");
    expect(await unread()).toEqual({});
    await join();
    expect(await unread()).toEqual({});
  });

  test("a receipt for the whole room reads every thread up to it", async () => {
    await join();
    await say("$1");
    const second = await say("$2", { threadRoot: "$1" });
    await say("$3");
    await say("$4", { threadRoot: "$1" });
    expect(await unread()).toEqual({ main: [2, 0], $1: [2, 0] });
    await read(second);
    expect(await unread()).toEqual({ main: [1, 0], $1: [1, 0] });
  });

  test("a receipt for one timeline reads no other", async () => {
    await join();
    await say("$1");
    const inThread = await say("$2", { threadRoot: "$1" });
    await say("$3", { threadRoot: "$other" });
    const last = await say("$4");
    await read(last, { threadId: "main" });
    expect(await unread()).toEqual({ $1: [1, 0], $other: [1, 0] });
    await read(inThread, { threadId: "$1" });
    expect(await unread()).toEqual({ $other: [1, 0] });
  });

  test("the furthest of public, private and implied receipts counts", async () => {
    await join();
    const first = await say("$1");
    const second = await say("$2");
    await say("$3");
    await read(second, { type: "m.read.private" });
    await read(first);
    expect(await unread()).toEqual({ main: [1, 0] });
    await storage().write(async (tx) => {
      tx.notificationCounts.sent({ userId: alice, roomId, threadRoot: undefined, position: tx.nextPosition() });
    });
    expect(await unread()).toEqual({});
    await say("$4", { threadRoot: "$3" });
    await say("$5");
    expect(await unread()).toEqual({ main: [1, 0], $3: [1, 0] });
    await storage().write(async (tx) => {
      tx.notificationCounts.sent({ userId: alice, roomId, threadRoot: "$3", position: tx.nextPosition() });
    });
    expect(await unread()).toEqual({ main: [1, 0] });
  });

  test("a receipt at an event not known here reads nothing", async () => {
    await join();
    await say("$1");
    await read(0, { eventPosition: undefined });
    expect(await unread()).toEqual({ main: [1, 0] });
  });

  test("a deviation changes the counts of its user alone, where its event stands", async () => {
    await join();
    await join("@carol:example.org");
    await say("$1", { forAlice: { highlights: 1 } });
    await say("$2", { forAlice: { notifies: -1 } });
    await say("$3", { forAlice: { notifies: 1, highlights: 1 }, notifies: false, threadRoot: "$1" });
    const last = await say("$4", { forAlice: { notifies: 1 }, notifies: false });
    expect(await unread()).toEqual({ main: [2, 1], $1: [1, 1] });
    expect(await unread("@carol:example.org")).toEqual({ main: [2, 0] });
    await read(last, { threadId: "main" });
    expect(await unread()).toEqual({ $1: [1, 1] });
  });

  test("what is redacted counts no more, neither by itself nor by deviations", async () => {
    await join();
    await say("$1", { highlights: true });
    await say("$2", { notifies: false, forAlice: { notifies: 1, highlights: 1 } });
    await say("$3", { forAlice: { notifies: -1 } });
    await say("$4");
    expect(await unread()).toEqual({ main: [3, 2] });
    await say("$redaction", { notifies: false, type: "m.room.redaction" });
    await storage().write(async (tx) => {
      for (const eventId of ["$1", "$2", "$3"] as const) {
        tx.events.redact({ eventId, by: "$redaction", json: "{}", contentStart: 0, contentEnd: 2 });
      }
    });
    expect(await unread()).toEqual({ main: [1, 0] });
  });

  test("rooms are counted apart, those without anything unread left out", async () => {
    await join();
    await join(alice, elsewhere);
    await say("$1");
    await say("$2", { roomId: elsewhere });
    await say("$3", { roomId: elsewhere });
    const counts = (roomIds: RoomId[]) => storage().read.notificationCounts.unread({ userId: alice, roomIds });
    const inRoom = { roomId, threadRoot: undefined, notifications: 1, highlights: 0 };
    const inOther = { roomId: elsewhere, threadRoot: undefined, notifications: 2, highlights: 0 };
    expect(await counts([roomId, elsewhere, "!unknown:example.org"])).toEqual(
      expect.arrayContaining([inRoom, inOther]),
    );
    expect(await counts([elsewhere])).toEqual([inOther]);
    expect(await counts([])).toEqual([]);
    await read(storage().position());
    expect(await counts([roomId, elsewhere])).toEqual([inOther]);
  });

  test("of a huge backlog the newest thousand are counted, and an old highlight still shows", async () => {
    await join();
    await say("$mention", { forAlice: { highlights: 1 } });
    await storage().write(async (tx) => {
      for (let i = 0; i < 1100; i++) {
        const eventId: EventId = `$${i}`;
        const position = tx.nextPosition();
        tx.events.append(sampleEvent({ eventId, position, sender: bob, notifies: true }));
        if (i % 2 === 0) continue;
        const deviation = { eventId, roomId, threadRoot: undefined, position, userId: alice };
        tx.notificationCounts.deviate({ ...deviation, notifies: -1, highlights: 0 });
      }
    });
    expect(await unread()).toEqual({ main: [500, 1] });
  });

  test("members with account data of a type are found, with its content", async () => {
    await join();
    await join(bob);
    const data = () => storage().read.notificationCounts.membersWithAccountData(roomId, "m.push_rules");
    expect(await data()).toEqual([]);
    await storage().write(async (tx) => {
      tx.accountData.set({ userId: alice, roomId: undefined, type: "m.push_rules" }, '{"a":1}');
      tx.accountData.set({ userId: bob, roomId: undefined, type: "m.direct" }, "{}");
      tx.accountData.set({ userId: "@carol:example.org", roomId: undefined, type: "m.push_rules" }, "{}");
    });
    expect(await data()).toEqual([{ userId: alice, content: '{"a":1}' }]);
  });
}
