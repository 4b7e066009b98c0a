import type { DeviceId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { announceDeviceListChange } from "./announce-device-list-change.ts";

export type ForgetDevicesDeps = {
  readonly storage: Storage<
    "crossSigningKeys" | "deviceKeys" | "deviceLists" | "keyBackups" | "memberships" | "oneTimeKeys" | "toDevice"
  >;
};

/** Deletes keys of and messages for devices that are to go. Idempotent; unknown ids are ignored. */
export async function forgetDevices(
  { storage }: ForgetDevicesDeps,
  { userId, deviceIds }: { readonly userId: UserId; readonly deviceIds: readonly DeviceId[] },
): Promise<void> {
  if (deviceIds.length === 0) return;
  await storage.write(async (tx) => {
    const devices = await tx.deviceKeys.ofUsers([userId]);
    tx.deviceKeys.delete(userId, deviceIds);
    tx.oneTimeKeys.delete(userId, deviceIds);
    tx.toDevice.delete(userId, deviceIds);
    tx.crossSigningKeys.deleteSignatures(userId, deviceIds);
    if (devices.some(({ deviceId, keys }) => keys !== undefined && deviceIds.includes(deviceId))) {
      await announceDeviceListChange(tx, userId);
    }
  });
}

/** Deletes what a user keeps here beside devices: cross-signing keys and key backups. Idempotent. */
export async function forgetUser(
  { storage }: ForgetDevicesDeps,
  { userId }: { readonly userId: UserId },
): Promise<void> {
  await storage.write(async (tx) => {
    const crossSigning = await tx.crossSigningKeys.ofUsers([userId]);
    tx.crossSigningKeys.deleteAll(userId);
    tx.keyBackups.deleteAll(userId);
    if (crossSigning.length > 0) await announceDeviceListChange(tx, userId);
  });
}
