import type { RoomId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";

export async function joinedRooms(
  { storage }: { readonly storage: Pick<Storage<"memberships">, "read"> },
  userId: UserId,
): Promise<RoomId[]> {
  return (await storage.read.memberships.ofUser(userId, ["join"])).map(({ roomId }) => roomId);
}
