import type { EventId, JsonObject, RoomId, UserId } from "@croft/protocol";
import { type AddedEvent, createRoom, type EventGraph, type NotificationJudge } from "@croft/rooms";
import { type TestRooms, testRooms } from "@croft/testkit";
import { createNotificationJudge } from "./judging/notification-judge.ts";
import { OwnRules } from "./judging/own-rules.ts";

export type Said = {
  readonly type?: string;
  readonly content?: JsonObject;
  readonly stateKey?: string;
  readonly redacts?: EventId;
};

/** Rooms of the server `here`, whose events push judges. */
export type TestPush = AsyncDisposable & {
  readonly rooms: TestRooms;
  readonly graph: EventGraph;
  readonly storage: TestRooms["storage"];
  readonly ownRules: OwnRules;
  readonly judge: NotificationJudge;
  /** Everybody but the creator is joined. */
  room(creator: UserId, joined: readonly UserId[]): Promise<RoomId>;
  /** A text message, but for what is given. */
  say(roomId: RoomId, sender: UserId, said?: Said): Promise<AddedEvent>;
  member(roomId: RoomId, userId: UserId, membership: string, by?: UserId): Promise<AddedEvent>;
  /** By timeline, `main` or a thread's root: notifications, highlights. */
  unread(roomId: RoomId, userId: UserId): Promise<{ readonly [timeline: string]: readonly [number, number] }>;
};

export async function testPush(): Promise<TestPush> {
  let judge: NotificationJudge | undefined;
  const rooms = await testRooms({ judge: { judge: (judged) => (judge as NotificationJudge).judge(judged) } });
  const { storage, graph, serverName } = rooms;
  const ownRules = new OwnRules({ storage });
  judge = createNotificationJudge({ ownRules, serverName });

  const say: TestPush["say"] = (roomId, sender, said = {}) =>
    graph.append(roomId, (room) =>
      room.add({ type: "m.room.message", content: { msgtype: "m.text", body: "hi" }, ...said, sender }),
    );
  const member: TestPush["member"] = (roomId, userId, membership, by = userId) =>
    say(roomId, by, { type: "m.room.member", stateKey: userId, content: { membership } });
  return {
    rooms,
    graph,
    storage,
    ownRules,
    judge,
    say,
    member,
    async room(creator, joined) {
      const roomId = await createRoom(rooms, { creator, preset: "public_chat" });
      for (const userId of joined) await member(roomId, userId, "join");
      return roomId;
    },
    async unread(roomId, userId) {
      const records = await storage.read.notificationCounts.unread({ userId, roomIds: [roomId] });
      return Object.fromEntries(
        records.map(({ threadRoot = "main", notifications, highlights }) => [threadRoot, [notifications, highlights]]),
      );
    },
    [Symbol.asyncDispose]: () => rooms[Symbol.asyncDispose](),
  };
}
