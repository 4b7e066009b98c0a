import type { RoomId, UserId } from "@croft/protocol";
import { membershipOf } from "@croft/rooms";
import type { MembershipRecord, Storage } from "@croft/storage";
import type { JoinedRooms } from "../notifier/joined-rooms.ts";
import type { RecentChanges } from "../notifier/recent-changes.ts";
import { memberKey } from "./state.ts";

/** Where a user stands in their rooms at `upTo`, and which of the rooms a sync has to look at. */
export type RoomChanges = {
  readonly upTo: number;
  /** Joined since `after`: new to the client. */
  readonly newRooms: readonly RoomId[];
  /** Joined before: those where something may have happened since. */
  readonly touchedRooms: readonly RoomId[];
  /** All that were joined before. */
  readonly oldRooms: readonly RoomId[];
  /** The user themselves was touched: by account data, a private receipt, or more than memory reaches back to. */
  readonly userTouched: boolean;
  readonly invited: readonly MembershipRecord[];
  readonly knocked: readonly MembershipRecord[];
  readonly left: readonly MembershipRecord[];
};

export type RoomChangesDeps = {
  readonly storage: Storage<"memberships" | "events">;
  readonly notifier: { readonly joinedRooms: JoinedRooms; readonly recent: RecentChanges };
};

/** `after` 0 = everything; rooms the user has left are then left out, unless they are asked for. */
export async function changedRooms(
  deps: RoomChangesDeps,
  { userId, after, includeLeave }: { readonly userId: UserId; readonly after: number; readonly includeLeave: boolean },
): Promise<RoomChanges> {
  const { joinedRooms, recent } = deps.notifier;
  const { rooms, records, ...chosen } = await joinedRooms.read(userId, after, ({ rooms, changed, upTo }) => {
    const newRooms: RoomId[] = [];
    const oldRooms: RoomId[] = [];
    const remembered = recent.reachesBack(after);
    for (const [roomId, joinedSince] of rooms) {
      if (joinedSince > after) newRooms.push(roomId);
      else oldRooms.push(roomId);
    }
    const touched = remembered ? oldRooms.filter((roomId) => recent.changed(roomId, after)) : undefined;
    const userTouched = !remembered || recent.changed(userId, after);
    return { rooms: touched, records: changed, upTo, newRooms, oldRooms, userTouched };
  });
  const touchedRooms = rooms ?? (await deps.storage.read.events.roomsChangedSince(chosen.oldRooms, after));
  const notJoined = after === 0 ? await allNotJoined(deps, userId, includeLeave) : records;
  const of = (...values: readonly string[]) =>
    notJoined.filter(({ membership, forgotten }) => values.includes(membership) && !forgotten);
  return { ...chosen, touchedRooms, invited: of("invite"), knocked: of("knock"), left: of("leave", "ban") };
}

/** Whether a user who has left a room was in it at `after`: what their membership was before its first change since. */
export async function wasJoined(
  { storage: { read } }: { readonly storage: Storage<"events" | "roomState"> },
  { roomId, userId, position }: MembershipRecord,
  after: number,
): Promise<boolean> {
  if (after === 0) return false;
  const deltas = await read.roomState.deltas(roomId, after, position);
  const previous = deltas.find(({ key }) => key === memberKey(userId))?.previous;
  return previous !== undefined && membershipOf(await read.events.byId(previous)) === "join";
}

const allNotJoined = (
  { storage }: RoomChangesDeps,
  userId: UserId,
  includeLeave: boolean,
): Promise<readonly MembershipRecord[]> =>
  storage.read.memberships.ofUser(userId, includeLeave ? ["invite", "knock", "leave", "ban"] : ["invite", "knock"]);
