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
  { storage }: { readonly storage: Storage<"toDevice"> },
  { userId, deviceId, window }: { readonly userId: UserId; readonly deviceId: DeviceId; readonly window: Window },
): Promise<ToDevice> {
  const { after, upTo } = window;
  const { toDevice } = storage.read;
  // In the order of arrival, so that the first answers both: what the client has stands before what it has not.
  const waiting = await toDevice.forDevice({ userId, deviceId, after: 0, upTo, limit: MAX_TO_DEVICE_PER_SYNC + 1 });
  const oldest = waiting[0];
  if (oldest === undefined) return { texts: [], leftOverAfter: undefined };
  if (oldest.position > after) return page(waiting);
  await storage.write(async (tx) => tx.toDevice.deleteUpTo(userId, deviceId, after));
  return page(await toDevice.forDevice({ userId, deviceId, after, upTo, limit: MAX_TO_DEVICE_PER_SYNC + 1 }));
}

function page(waiting: readonly { readonly position: number; readonly event: string }[]): ToDevice {
  const messages = waiting.slice(0, MAX_TO_DEVICE_PER_SYNC);
  return {
    texts: messages.map(({ event }) => event),
    leftOverAfter: waiting.length > messages.length ? messages.at(-1)?.position : undefined,
  };
}
