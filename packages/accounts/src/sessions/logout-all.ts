import type { Requester } from "@croft/http";
import { type EndDevicesDeps, endDevices } from "../devices/end-devices.ts";

/** Ends every session, the asking one included. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3logoutall */
export async function logoutAll(
  deps: EndDevicesDeps,
  { requester: { userId } }: { requester: Requester },
): Promise<void> {
  const devices = await deps.storage.read.devices.ofUser(userId);
  await endDevices(deps, { userId, deviceIds: devices.map((device) => device.deviceId) });
}
