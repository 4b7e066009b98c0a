import type { UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { type RoomChanges, wasJoined } from "./memberships.ts";
import type { Window } from "./window.ts";

export type DeviceLists = { readonly changed: readonly UserId[]; readonly left: readonly UserId[] };

/**
 * Whose keys the client should fetch anew (new keys, or a room newly shared), and whose it need not follow any more.
 * https://spec.matrix.org/v1.19/client-server-api/#e2e-extensions-to-sync
 */
export async function deviceListChanges(
  { storage }: { readonly storage: Storage<"deviceLists" | "roomState" | "events"> },
  { userId, window, changes }: { readonly userId: UserId; readonly window: Window; readonly changes: RoomChanges },
): Promise<DeviceLists> {
  const { deviceLists } = storage.read;
  const range = { userId, ...window };
  const { touchedRooms, newRooms, left } = changes;
  // Nobody came or went where no room was touched.
  if (touchedRooms.length + newRooms.length + left.length === 0) {
    return { changed: await deviceLists.changed(range), left: [] };
  }
  const wereJoined = await Promise.all(left.map((record) => wasJoined({ storage }, record, window.after)));
  const leftRooms = left.flatMap(({ roomId }, index) => (wereJoined[index] ? [roomId] : []));
  const [changed, newlyShared, noLongerShared] = await Promise.all([
    deviceLists.changed(range),
    deviceLists.newlyShared(range),
    deviceLists.noLongerShared({ ...range, leftRooms }),
  ]);
  return { changed: [...new Set([...changed, ...newlyShared])], left: noLongerShared };
}
