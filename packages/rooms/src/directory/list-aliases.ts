import type { RoomAlias, RoomId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { type RoomAccessDeps, roomAccess } from "../visibility/room-access.ts";

/** This server's aliases of a room, for its members, or for anyone where it is world-readable. */
export async function listAliases(
  deps: RoomAccessDeps & { readonly storage: Storage<"roomAliases"> },
  { requester, roomId }: { requester: UserId; roomId: RoomId },
): Promise<RoomAlias[]> {
  await roomAccess(deps, { roomId, userId: requester });
  return deps.storage.read.roomAliases.ofRoom(roomId);
}
