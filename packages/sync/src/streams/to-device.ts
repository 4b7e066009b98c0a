import { type DeviceId, MAX_TO_DEVICE_PER_SYNC, type UserId } from "@croft/protocol";
import type { ToDeviceInbox } from "../ports.ts";
import type { Window } from "./window.ts";

export type ToDevice = {
  readonly texts: readonly string[];
  /** Where the next sync goes on, if it does not get all of the rest: messages were left over. */
  readonly leftOverAfter: number | undefined;
};

/**
 * Messages to the device, each exactly once: what a client presents a token for it has, so that is forgotten; what it has
 * no token for yet is sent again. https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-6
 */
export async function toDeviceMessages(
  { toDevice }: { readonly toDevice: ToDeviceInbox },
  { userId, deviceId, window }: { readonly userId: UserId; readonly deviceId: DeviceId; readonly window: Window },
): Promise<ToDevice> {
  const { after, upTo } = window;
  const [waiting] = await Promise.all([
    toDevice.waiting({ userId, deviceId, after, upTo, limit: MAX_TO_DEVICE_PER_SYNC + 1 }),
    after > 0 && toDevice.received({ userId, deviceId, upTo: after }),
  ]);
  const messages = waiting.slice(0, MAX_TO_DEVICE_PER_SYNC);
  return {
    texts: messages.map(({ text }) => text),
    leftOverAfter: waiting.length > messages.length ? messages.at(-1)?.position : undefined,
  };
}
