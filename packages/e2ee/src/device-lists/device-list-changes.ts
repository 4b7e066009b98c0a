import { type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import { membershipOf } from "@croft/rooms";
import type { Storage } from "@croft/storage";

export type DeviceListChangesDeps = {
  readonly storage: Storage<"deviceLists" | "events" | "memberships" | "roomState">;
};

export type DeviceListChanges = { readonly changed: readonly UserId[]; readonly left: readonly UserId[] };

/**
 * Whose keys a user has to fetch anew, and whose to keep up with no longer, after a sync that ended at `since` and up to
 * `now`. Rooms count whether they are encrypted or not. Costs what has changed, not how many rooms or members there are.
 * https://spec.matrix.org/v1.19/client-server-api/#tracking-the-device-list-for-a-user
 */
export async function deviceListChanges(
  deps: DeviceListChangesDeps,
  { userId, since, now }: { readonly userId: UserId; readonly since: number; readonly now: number },
): Promise<DeviceListChanges> {
  const range = { userId, after: since, upTo: now };
  const { deviceLists } = deps.storage.read;
  const leftRooms = await roomsLeft(deps, range);
  const [changed, newlyShared, left] = await Promise.all([
    deviceLists.changed(range),
    deviceLists.newlyShared(range),
    deviceLists.noLongerShared({ ...range, leftRooms }),
  ]);
  return { changed: [...new Set([...changed, ...newlyShared])], left };
}

/**
 * The rooms a user was joined to at the beginning of the range and is not now. Who declines an invite must not learn
 * who is in the room, so the membership before counts.
 */
async function roomsLeft(
  { storage }: DeviceListChangesDeps,
  { userId, after, upTo }: { readonly userId: UserId; readonly after: number; readonly upTo: number },
): Promise<RoomId[]> {
  const { events, memberships, roomState } = storage.read;
  const rooms: RoomId[] = [];
  for (const { roomId, membership } of await memberships.changedSince(userId, after, upTo)) {
    if (membership === "join") continue;
    const deltas = await roomState.deltas(roomId, after, upTo);
    const before = deltas.find(({ key }) => key === stateMapKey("m.room.member", userId))?.previous;
    const event = before && (await events.byId(before));
    if (event && membershipOf(event) === "join") rooms.push(roomId);
  }
  return rooms;
}
