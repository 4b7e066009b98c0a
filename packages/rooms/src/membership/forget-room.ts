import { MatrixError, type RoomId, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";

/** Takes a room a user has left out of all they are shown. */
export async function forgetRoom(
  { storage }: { readonly storage: Storage<"memberships"> },
  { userId, roomId }: { userId: UserId; roomId: RoomId },
): Promise<void> {
  await storage.write(async (tx) => {
    const membership = await tx.memberships.get(roomId, userId);
    if (membership === undefined || membership.forgotten) return;
    if (membership.membership !== "leave" && membership.membership !== "ban") {
      throw new MatrixError("M_UNKNOWN", `You have not left ${roomId}`, { status: 400 });
    }
    tx.memberships.forget(roomId, userId);
    tx.touch({ userId });
  });
}
