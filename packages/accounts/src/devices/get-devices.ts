import type { Requester } from "@croft/http";
import { type DeviceId, notFound } from "@croft/protocol";
import type { DeviceRecord, Storage } from "@croft/storage";

export type GetDevicesDeps = { readonly storage: Storage<"devices"> };

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3devices */
export const getDevices = ({ storage }: GetDevicesDeps, { requester }: { requester: Requester }) =>
  storage.read.devices.ofUser(requester.userId);

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3devicesdeviceid */
export async function getDevice(
  { storage }: GetDevicesDeps,
  { requester, deviceId }: { requester: Requester; deviceId: DeviceId },
): Promise<DeviceRecord> {
  const device = await storage.read.devices.get(requester.userId, deviceId);
  if (!device) throw unknownDevice();
  return device;
}

export const unknownDevice = () => notFound("You have no such device");
