import type { UserId } from "@croft/protocol";
import type { Stores, WriteTools } from "@croft/storage";

/** Says that a user's devices or public cross-signing keys are others now, and wakes all who share a room with them. */
export async function announceDeviceListChange(
  tx: Pick<Stores, "deviceLists" | "memberships"> & WriteTools,
  userId: UserId,
): Promise<void> {
  tx.deviceLists.setChanged(userId);
  tx.touch({ userId });
  for (const { roomId } of await tx.memberships.ofUser(userId, ["join"])) tx.touch({ roomId });
}
