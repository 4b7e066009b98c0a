import { MatrixError, type UserId } from "@croft/protocol";
import { type LeaveRoomDeps, leaveRoom } from "./leave-room.ts";

/**
 * Leaves every room, declines every invite and takes every knock back. A room that cannot be left, as its server is gone,
 * does not keep the user from leaving the others.
 */
export async function leaveAllRooms(deps: LeaveRoomDeps, userId: UserId): Promise<void> {
  const stays = await deps.storage.read.memberships.ofUser(userId, ["join", "invite", "knock"]);
  for (const { roomId } of stays) {
    try {
      await leaveRoom(deps, { userId, roomId });
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
    }
  }
}
