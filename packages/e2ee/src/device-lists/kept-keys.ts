import type { DeviceKeys } from "@croft/accounts";
import { announceDeviceListChange } from "./announce-device-list-change.ts";
import { type ForgetDevicesDeps, forgetDevices, forgetUser } from "./forget-devices.ts";

/** What accounts ask of those who keep keys. */
export const keptKeys = (deps: ForgetDevicesDeps): DeviceKeys => ({
  deleteDevices: (userId, deviceIds) => forgetDevices(deps, { userId, deviceIds }),
  async isCrossSigningKey(userId, id) {
    const keys = await deps.storage.read.crossSigningKeys.ofUsers([userId]);
    return keys.some(({ publicKey }) => publicKey === id);
  },
  deviceRenamed: (userId) => deps.storage.write((tx) => announceDeviceListChange(tx, userId)),
  forgetUser: (userId) => forgetUser(deps, { userId }),
});
