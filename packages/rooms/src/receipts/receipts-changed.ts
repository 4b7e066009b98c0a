import type { RoomId, UserId } from "@croft/protocol";
import type { ReceiptRecord, Storage } from "@croft/storage";

/**
 * Receipts by room that a user learns of: set with `after < position <= upTo`, `after` 0 for all there are. Others'
 * private receipts are not among them.
 */
export async function receiptsChanged(
  { storage }: { readonly storage: Storage<"receipts"> },
  args: {
    readonly roomIds: readonly RoomId[];
    readonly after: number;
    readonly upTo: number;
    readonly forUser: UserId;
  },
): Promise<ReadonlyMap<RoomId, readonly ReceiptRecord[]>> {
  return Map.groupBy(await storage.read.receipts.changedSince(args), (receipt) => receipt.roomId);
}
