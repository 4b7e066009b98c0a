import type { Requester } from "@croft/http";
import type { DeviceId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { DeviceKeys } from "../ports.ts";
import { unknownDevice } from "./get-devices.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3devicesdeviceid */
export async function updateDevice(
  {
    storage,
    deviceKeys,
  }: { readonly storage: Storage<"devices">; readonly deviceKeys: Pick<DeviceKeys, "deviceRenamed"> },
  {
    requester: { userId },
    deviceId,
    displayName,
  }: { requester: Requester; deviceId: DeviceId; displayName: string | undefined },
): Promise<void> {
  await storage.write(async (tx) => {
    if (!(await tx.devices.get(userId, deviceId))) throw unknownDevice();
    if (displayName !== undefined) tx.devices.rename(userId, deviceId, displayName);
  });
  if (displayName !== undefined) await deviceKeys.deviceRenamed(userId);
}
