import { forbidden, type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { lastStayEnd } from "./last-stay-end.ts";
import { historyVisibilityOf } from "./membership-of.ts";
import type { Reader } from "./visible-events.ts";

export type RoomAccess = Reader & {
  readonly roomId: RoomId;
  /** No event after this stream position can be visible: leavers are not shown what came later. */
  readonly upTo: number;
};

export type RoomAccessDeps = { readonly storage: Storage<"rooms" | "events" | "roomState" | "memberships"> };

/**
 * Whether a user may look into a room's history at all, and how far: members, those who once were and have not
 * forgotten the room, and anyone where it is world-readable. Throws `M_FORBIDDEN` otherwise, for unknown rooms too.
 */
export async function roomAccess(
  { storage: { read } }: RoomAccessDeps,
  { roomId, userId }: { readonly roomId: RoomId; readonly userId: UserId },
): Promise<RoomAccess> {
  const membership = await read.memberships.get(roomId, userId);
  const stayEnd = membership?.forgotten === true ? undefined : await lastStayEnd(read, membership);
  if (stayEnd === Number.POSITIVE_INFINITY) return { roomId, userId, stayEnd, upTo: stayEnd };
  if (await isWorldReadable(read, roomId)) return { roomId, userId, stayEnd, upTo: Number.POSITIVE_INFINITY };
  if (stayEnd === undefined) throw forbidden("You are not a member of this room");
  return { roomId, userId, stayEnd, upTo: stayEnd };
}

async function isWorldReadable(
  { rooms, events, roomState }: RoomAccessDeps["storage"]["read"],
  roomId: RoomId,
): Promise<boolean> {
  const head = await rooms.head(roomId);
  if (head === undefined) return false;
  const eventId = await roomState.get(head.stateGroup, stateMapKey("m.room.history_visibility", ""));
  return eventId !== undefined && historyVisibilityOf(await events.byId(eventId)) === "world_readable";
}
