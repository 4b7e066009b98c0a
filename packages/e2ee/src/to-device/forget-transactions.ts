import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";

/** A client repeats what it got no answer to within minutes; a day also covers one that was switched off. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** To be run now and then, so that transactions do not pile up. */
export async function forgetTransactions({
  storage,
  clock,
}: {
  readonly storage: Storage<"toDevice">;
  readonly clock: Clock;
}): Promise<void> {
  await storage.write(async (tx) => tx.toDevice.forgetTransactions(clock.now() - REMEMBERED_MS));
}
