import { acknowledgeToDevice } from "@croft/e2ee";
import { type DeviceId, MAX_TO_DEVICE_PER_SYNC, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { Window } from "./window.ts";

export type ToDevice = {
  readonly texts: readonly string[];
  /** Where the next sync goes on, if messages were left over. */
  readonly leftOverAfter: number | undefined;
};

/**
 * Messages to the device, each exactly once: what a client presents a token for it has, so that is forgotten; what it has
 * no token for yet is sent again. https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-6
 */
export async function toDeviceMessages(
  deps: { readonly storage: Storage<"toDevice"> },
  { userId, deviceId, window }: { readonly userId: UserId; readonly deviceId: DeviceId; readonly window: Window },
): Promise<ToDevice> {
  const device = { userId, deviceId };
  if (window.after > 0) await acknowledgeToDevice(deps, { ...device, upTo: window.after });
  const limit = MAX_TO_DEVICE_PER_SYNC + 1;
  const waiting = await deps.storage.read.toDevice.forDevice({ ...device, ...window, limit });
  const messages = waiting.slice(0, MAX_TO_DEVICE_PER_SYNC);
  return {
    texts: messages.map(({ event }) => event),
    leftOverAfter: waiting.length > messages.length ? messages.at(-1)?.position : undefined,
  };
}
