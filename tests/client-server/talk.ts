import {
  type BodyOf,
  createRoom,
  getRoomStateWithKey,
  joinRoomById,
  type QueryOf,
  sendMessage,
  setRoomStateWithKey,
  sync,
} from "@croft/api";
import type { EventId, RoomId } from "@croft/protocol";
import type { SyncedRoom, SyncReply } from "../../packages/testkit/src/sync-scene.ts";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";

/** What people do all the time, in a word each. */

/** `auth` by which a user proves to be themselves. */
export const proofOf = ({ name, password }: TestUser) => ({
  type: "m.login.password",
  identifier: { type: "m.id.user", user: name },
  password,
});

/** Makes a room that all of them are in. */
export async function roomOf(
  creator: TestUser,
  others: readonly TestUser[] = [],
  body: BodyOf<typeof createRoom> = {},
): Promise<RoomId> {
  const { room_id: roomId } = await creator.ok(createRoom, { body: { preset: "public_chat", ...body } });
  for (const other of others) await join(other, roomId);
  return roomId;
}

export async function join(user: TestUser, roomId: RoomId): Promise<void> {
  await user.ok(joinRoomById, { params: { roomId }, body: {} });
}

let sent = 0;

export async function say(user: TestUser, roomId: RoomId, body: string, more: object = {}): Promise<EventId> {
  const params = { roomId, eventType: "m.room.message", txnId: `say-${sent++}` };
  return (await user.ok(sendMessage, { params, body: { msgtype: "m.text", body, ...more } })).event_id;
}

export async function setState(
  user: TestUser,
  roomId: RoomId,
  eventType: string,
  body: { [key: string]: unknown },
  stateKey = "",
): Promise<EventId> {
  return (await user.ok(setRoomStateWithKey, { params: { roomId, eventType, stateKey }, body })).event_id;
}

/** The content of a state event. */
export const stateOf = (user: TestUser, roomId: RoomId, eventType: string, stateKey = "") =>
  user.ok(getRoomStateWithKey, { params: { roomId, eventType, stateKey } });

export const syncOf = async (user: TestUser, query: QueryOf<typeof sync> = {}): Promise<SyncReply> =>
  (await user.ok(sync, { query })) as SyncReply;

/** A joined room's part of a reply. */
export function joined(reply: SyncReply, roomId: RoomId): SyncedRoom {
  const room = reply.rooms?.join?.[roomId];
  if (room === undefined) throw new Error(`${roomId} is not among the joined rooms of ${JSON.stringify(reply)}`);
  return room;
}

/** What was said in messages, in order. */
export const bodies = (events: readonly { readonly [field: string]: unknown }[]): unknown[] =>
  events
    .filter(({ type }) => type === "m.room.message")
    .map(({ content }) => (content as { readonly body?: unknown }).body);
