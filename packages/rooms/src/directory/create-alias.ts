import {
  invalidParam,
  isRoomAlias,
  MatrixError,
  type RoomAlias,
  type RoomId,
  type ServerName,
  serverNameOf,
  type UserId,
} from "@croft/protocol";
import { GuardFailed, type Storage } from "@croft/storage";
import { requireMember } from "../membership/require-member.ts";

/** Gives a room an alias on this server; any member may. */
export async function createAlias(
  {
    storage,
    serverName,
  }: { readonly storage: Storage<"roomAliases" | "memberships">; readonly serverName: ServerName },
  { requester, alias, roomId }: { requester: UserId; alias: RoomAlias; roomId: RoomId },
): Promise<void> {
  if (!isRoomAlias(alias) || serverNameOf(alias) !== serverName) throw invalidParam("Room alias invalid");
  await requireMember({ storage }, { userId: requester, roomId });
  if ((await storage.read.roomAliases.get(alias)) !== undefined) throw taken(alias);
  try {
    await storage.write(async (tx) => tx.roomAliases.create({ alias, roomId, creator: requester }), { reruns: 0 });
  } catch (error) {
    throw error instanceof GuardFailed ? taken(alias) : error;
  }
}

const taken = (alias: RoomAlias): MatrixError =>
  new MatrixError("M_UNKNOWN", `Room alias ${alias} already exists.`, { status: 409 });
