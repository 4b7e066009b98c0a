import type { Requester } from "@croft/http";
import type { DeviceId } from "@croft/protocol";
import {
  type InteractiveAuthDeps,
  PASSWORD_FLOWS,
  requireInteractiveAuth,
  type SubmittedAuth,
} from "../interactive-auth/require-interactive-auth.ts";
import { type EndDevicesDeps, endDevices } from "./end-devices.ts";

export type DeleteDevicesDeps = InteractiveAuthDeps & EndDevicesDeps;

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3delete_devices */
export async function deleteDevices(
  deps: DeleteDevicesDeps,
  {
    requester: { userId },
    deviceIds,
    auth,
  }: { requester: Requester; deviceIds: readonly DeviceId[]; auth: SubmittedAuth | undefined },
): Promise<void> {
  const subject = [...new Set(deviceIds)].sort();
  await requireInteractiveAuth(deps, { operation: "deleteDevices", userId, subject, flows: PASSWORD_FLOWS, auth });
  await endDevices(deps, { userId, deviceIds });
}
