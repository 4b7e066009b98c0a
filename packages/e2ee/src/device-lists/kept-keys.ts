import type { DeviceKeys } from "@croft/accounts";
import type { UserId } from "@croft/protocol";
import { announceDeviceListChange } from "./announce-device-list-change.ts";
import { type ForgetDevicesDeps, forgetDevices, forgetUser } from "./forget-devices.ts";

/** What accounts ask of those who keep keys, and two things they may tell them besides. */
export type KeptKeys = DeviceKeys & {
  /** A device is called otherwise now: others are shown its name with its keys. */
  deviceRenamed(userId: UserId): Promise<void>;
  /** The account is no more. Idempotent. */
  forgetUser(userId: UserId): Promise<void>;
};

export const keptKeys = (deps: ForgetDevicesDeps): KeptKeys => ({
  deleteDevices: (userId, deviceIds) => forgetDevices(deps, { userId, deviceIds }),
  async isCrossSigningKey(userId, id) {
    const keys = await deps.storage.read.crossSigningKeys.ofUsers([userId]);
    return keys.some(({ publicKey }) => publicKey === id);
  },
  deviceRenamed: (userId) => deps.storage.write((tx) => announceDeviceListChange(tx, userId)),
  forgetUser: (userId) => forgetUser(deps, { userId }),
});
