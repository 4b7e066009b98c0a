import type { DeviceId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { SentTransactions } from "./sent-transactions.ts";

/** For devices that are to go: one that comes back under the same id is another, and numbers what it sends anew. */
export async function forgetSentTransactions(
  { storage, transactions }: { readonly storage: Storage<"events">; readonly transactions: SentTransactions },
  { userId, deviceIds }: { readonly userId: UserId; readonly deviceIds: readonly DeviceId[] },
): Promise<void> {
  if (deviceIds.length === 0) return;
  await storage.write(async (tx) => tx.events.forgetTransactions(userId, deviceIds));
  transactions.forget(userId, deviceIds);
}
