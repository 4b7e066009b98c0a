import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";

/** A device uploads again what it got no answer to within minutes; a day also covers one that was switched off. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** To be run now and then, so that claimed one-time keys do not pile up. */
export async function forgetClaimedKeys({
  storage,
  clock,
}: {
  readonly storage: Storage<"oneTimeKeys">;
  readonly clock: Clock;
}): Promise<void> {
  await storage.write(async (tx) => tx.oneTimeKeys.forgetClaimed(clock.now() - REMEMBERED_MS));
}
