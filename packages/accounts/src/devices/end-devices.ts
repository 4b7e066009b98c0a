import type { DeviceId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { DeviceKeys } from "../ports.ts";
import type { AccessTokens } from "../sessions/access-tokens.ts";

export type EndDevicesDeps = {
  readonly storage: Storage<"devices" | "sessions">;
  readonly deviceKeys: Pick<DeviceKeys, "deleteDevices">;
  readonly accessTokens: Pick<AccessTokens, "forget">;
};

/**
 * Deletes devices with their tokens and keys. The keys go first: a crash in between leaves a device without keys, which
 * can be deleted again, and never keys without a device, which others would go on encrypting for.
 */
export async function endDevices(
  { storage, deviceKeys, accessTokens }: EndDevicesDeps,
  { userId, deviceIds }: { userId: UserId; deviceIds: readonly DeviceId[] },
): Promise<void> {
  if (deviceIds.length === 0) return;
  await deviceKeys.deleteDevices(userId, deviceIds);
  await storage.write(async (tx) => {
    tx.sessions.deleteDevices(userId, deviceIds);
    tx.devices.delete(userId, deviceIds);
    for (const deviceId of deviceIds) tx.touch({ userId, deviceId });
  });
  accessTokens.forget(userId, deviceIds);
}
