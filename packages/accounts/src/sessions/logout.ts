import type { Requester } from "@croft/http";
import { type EndDevicesDeps, endDevices } from "../devices/end-devices.ts";

/** Ends the session that asks, with its device. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3logout */
export const logout = (deps: EndDevicesDeps, { requester }: { requester: Requester }): Promise<void> =>
  endDevices(deps, { userId: requester.userId, deviceIds: [requester.deviceId] });
