import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { ReceiptType, Storage } from "@croft/storage";
import { receiptTarget } from "./receipt-target.ts";
import { receiptThread } from "./receipt-thread.ts";

export type SendReceiptDeps = {
  readonly storage: Storage<"events" | "memberships" | "receipts">;
  readonly clock: Clock;
};

/**
 * Marks a room, its main timeline or a thread as read up to an event. A receipt only moves forward: one that stands
 * further on already is kept.
 */
export async function sendReceipt(
  { storage, clock }: SendReceiptDeps,
  args: {
    readonly userId: UserId;
    readonly roomId: RoomId;
    readonly eventId: EventId;
    readonly type: ReceiptType;
    /** As the client sent it. */
    readonly threadId?: unknown;
  },
): Promise<void> {
  const { userId, roomId, eventId, type } = args;
  const event = await receiptTarget(storage.read, args);
  const threadId = receiptThread(event, args.threadId);
  const standing = await storage.read.receipts.ofUser(roomId, userId);
  const before = standing.find((receipt) => receipt.type === type && receipt.threadId === threadId);
  if (before?.eventPosition !== undefined && before.eventPosition >= event.position) return;
  const { position: eventPosition } = event;
  await storage.write(async (tx) => {
    tx.receipts.set({ userId, roomId, type, threadId, eventId, eventPosition, ts: clock.now() });
  });
}
