import type { DeviceId, UserId } from "@croft/protocol";
import type { DeviceKeyCounts } from "../ports.ts";

/**
 * How many keys are left for others to claim: in every reply, as a client takes absence for "none".
 * https://spec.matrix.org/v1.19/client-server-api/#e2e-extensions-to-sync
 */
export async function keyCountsText(
  { deviceKeys }: { readonly deviceKeys: DeviceKeyCounts },
  { userId, deviceId }: { readonly userId: UserId; readonly deviceId: DeviceId },
): Promise<string> {
  const { oneTimeKeys, unusedFallbackKeyTypes } = await deviceKeys.keyCounts(userId, deviceId);
  const types = JSON.stringify(unusedFallbackKeyTypes);
  return `"device_one_time_keys_count":${JSON.stringify(oneTimeKeys)},"device_unused_fallback_key_types":${types}`;
}
