import type { Requester } from "@croft/http";
import { parseStreamToken } from "@croft/rooms";
import { type DeviceListChanges, type DeviceListChangesDeps, deviceListChanges } from "./device-list-changes.ts";

/**
 * Like the device lists of a sync from `from`. Answers up to now, whatever `to`: a user's last change alone is kept, and
 * it may be later. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3keyschanges
 */
export async function getKeysChanges(
  deps: DeviceListChangesDeps,
  { requester: { userId }, from, to }: { requester: Requester; from: string; to: string },
): Promise<DeviceListChanges> {
  const { position: since } = parseStreamToken(from);
  parseStreamToken(to);
  return deviceListChanges(deps, { userId, since, now: deps.storage.position() });
}
