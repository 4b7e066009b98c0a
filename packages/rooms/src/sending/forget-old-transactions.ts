import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";

/** A client repeats what it got no answer to within minutes; a day also covers one that was switched off. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** To be run now and then, so that what tells a repetition does not pile up, a row for each event ever sent. */
export async function forgetOldTransactions({
  storage,
  clock,
}: {
  readonly storage: Storage<"events">;
  readonly clock: Clock;
}): Promise<void> {
  await storage.write(async (tx) => tx.events.forgetTransactionsBefore(clock.now() - REMEMBERED_MS));
}
