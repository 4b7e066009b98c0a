import type { DeviceId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";

export type KeyCounts = {
  /** Members of the reply, JSON text. */
  readonly text: string;
  /** Position of the last claim of one of the keys. */
  readonly claimedAt: number;
};

/**
 * How many keys are left for others to claim: in every reply, as a client takes absence for none.
 * https://spec.matrix.org/v1.19/client-server-api/#e2e-extensions-to-sync
 */
export async function keyCounts(
  { storage }: { readonly storage: Storage<"oneTimeKeys"> },
  { userId, deviceId }: { readonly userId: UserId; readonly deviceId: DeviceId },
): Promise<KeyCounts> {
  const { counts, unusedFallbackTypes, claimedAt } = await storage.read.oneTimeKeys.countsOf(userId, deviceId);
  // Some clients upload keys only when they are told that there are none.
  const oneTimeKeys = JSON.stringify({ signed_curve25519: 0, ...counts });
  const fallbackTypes = JSON.stringify(unusedFallbackTypes);
  return {
    text: `"device_one_time_keys_count":${oneTimeKeys},"device_unused_fallback_key_types":${fallbackTypes}`,
    claimedAt,
  };
}
