import { type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import { membershipOf } from "@croft/rooms";
import type { MembershipRecord, StateDelta, Storage } from "@croft/storage";
import type { DeviceListChanges } from "../ports.ts";
import { wasJoined } from "./memberships.ts";
import { memberOf } from "./state.ts";
import type { Window } from "./window.ts";

export type DeviceLists = { readonly changed: readonly UserId[]; readonly left: readonly UserId[] };

export type DeviceListsDeps = {
  readonly storage: Storage<"rooms" | "roomState" | "events" | "memberships">;
  readonly deviceLists: DeviceListChanges;
};

export type DeviceListsArgs = {
  readonly userId: UserId;
  readonly window: Window;
  /** Joined rooms where something may have happened. */
  readonly touchedRooms: readonly RoomId[];
  /** Joined in the window. */
  readonly newRooms: readonly RoomId[];
  /** Left in the window. */
  readonly leftRooms: readonly MembershipRecord[];
  /** All joined rooms. */
  readonly joinedRooms: readonly RoomId[];
};

const ENCRYPTION = stateMapKey("m.room.encryption", "");

/**
 * Whose devices the client should ask for anew, and whose it need not follow any more: changed are those with new keys and
 * those who came into an encrypted room with the user; left are those with whom no encrypted room is left.
 * https://spec.matrix.org/v1.19/client-server-api/#e2e-extensions-to-sync
 */
export async function deviceListChanges(deps: DeviceListsDeps, args: DeviceListsArgs): Promise<DeviceLists> {
  const { userId, window, touchedRooms, newRooms, leftRooms, joinedRooms } = args;
  const came = new Set<UserId>();
  const gone = new Set<UserId>();
  const [keyChanges] = await Promise.all([
    deps.deviceLists.changedSince({ userId, ...window }),
    ...touchedRooms.map((roomId) => membersMoved(deps, { roomId, window, came, gone })),
    ...newRooms.map((roomId) => addMembers(deps, roomId, came)),
    ...leftRooms.map(async (record) => {
      if (await wasJoined(deps, record, window.after)) await addMembers(deps, record.roomId, gone);
    }),
  ]);
  came.delete(userId);
  gone.delete(userId);
  const shared = gone.size === 0 ? new Set() : new Set(await stillShared(deps, [...gone], joinedRooms));
  const left = [...gone].filter((user) => !shared.has(user));
  const changed = new Set([...keyChanges, ...[...came].filter((user) => !left.includes(user))]);
  return { changed: [...changed], left };
}

/** Who came into an encrypted room or left it; all of its members, if it became encrypted. */
async function membersMoved(
  deps: DeviceListsDeps,
  { roomId, window, came, gone }: { roomId: RoomId; window: Window; came: Set<UserId>; gone: Set<UserId> },
): Promise<void> {
  const { roomState, events } = deps.storage.read;
  const deltas = await roomState.deltas(roomId, window.after, window.upTo);
  const becameEncrypted = deltas.some(({ key, previous }) => key === ENCRYPTION && previous === undefined);
  if (becameEncrypted) return addMembers(deps, roomId, came);
  const moves = deltas.filter(({ key }) => memberOf(key) !== undefined);
  if (moves.length === 0 || !(await isEncrypted(deps, roomId))) return;
  const ids = moves.flatMap(({ eventId, previous }) => [eventId, previous]).filter((id) => id !== undefined);
  const byId = new Map((await events.byIds(ids)).map((event) => [event.eventId, event]));
  const isJoin = (id: StateDelta["eventId"]) => id !== undefined && membershipOf(byId.get(id)) === "join";
  for (const { key, eventId, previous } of moves) {
    const user = memberOf(key);
    if (user === undefined || isJoin(eventId) === isJoin(previous)) continue;
    const [now, before] = isJoin(eventId) ? [came, gone] : [gone, came];
    now.add(user);
    before.delete(user);
  }
}

async function addMembers(deps: DeviceListsDeps, roomId: RoomId, users: Set<UserId>): Promise<void> {
  if (!(await isEncrypted(deps, roomId))) return;
  for (const { userId } of await deps.storage.read.memberships.ofRoom(roomId, ["join"])) users.add(userId);
}

async function isEncrypted({ storage: { read } }: DeviceListsDeps, roomId: RoomId): Promise<boolean> {
  const group = (await read.rooms.stateGroups([roomId])).get(roomId);
  return group !== undefined && (await read.roomState.get(group, ENCRYPTION)) !== undefined;
}

/** Those of `users` who are in an encrypted room with the user. */
async function stillShared(
  { storage: { read } }: DeviceListsDeps,
  users: readonly UserId[],
  joinedRooms: readonly RoomId[],
): Promise<UserId[]> {
  const groups = [...(await read.rooms.stateGroups(joinedRooms))];
  const encryption = await Promise.all(groups.map(([, group]) => read.roomState.get(group, ENCRYPTION)));
  const encrypted = groups.flatMap(([roomId], index) => (encryption[index] === undefined ? [] : [roomId]));
  return read.memberships.joinedAmong(encrypted, users);
}
