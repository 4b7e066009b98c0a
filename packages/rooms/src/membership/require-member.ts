import { forbidden, type RoomId, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";

/** Throws `M_FORBIDDEN` unless the user is joined, for unknown rooms too. */
export async function requireMember(
  { storage }: { readonly storage: Pick<Storage<"memberships">, "read"> },
  { userId, roomId }: { userId: UserId; roomId: RoomId },
): Promise<void> {
  const membership = await storage.read.memberships.get(roomId, userId);
  if (membership?.membership !== "join") throw forbidden("You are not in this room");
}
