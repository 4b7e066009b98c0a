import type { Requester } from "@croft/http";
import {
  exceedsUtf8,
  invalidParam,
  MAX_EVENT_BYTES,
  MAX_EVENT_TYPE_BYTES,
  MatrixError,
  type ServerName,
  utf8Length,
} from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Storage, StoreName } from "@croft/storage";
import { deviceDeleted } from "../device-keys/upload-keys.ts";
import { partitionUsers } from "../device-keys/user-ids.ts";
import type { RemoteToDevice } from "../ports.ts";

export type SendToDeviceDeps = {
  readonly storage: Storage<StoreName>;
  readonly clock: Clock;
  readonly serverName: ServerName;
  readonly remoteToDevice: RemoteToDevice;
};

export type ToDeviceRequest = {
  readonly requester: Requester;
  readonly type: string;
  /** The request's path as sent: with the device it tells a repetition. */
  readonly path: string;
  readonly messages: { readonly [userId: string]: { readonly [deviceId: string]: unknown } };
};

/** What one request may put into queues, twice what it can itself be: only messages to all of a user's devices multiply. */
const MAX_QUEUED_BYTES = 20 * 1024 * 1024;

/** All of a user's devices. */
const EVERY_DEVICE = "*";

/**
 * Puts messages into the queues of devices, each once however often the request is repeated. Devices that do not exist
 * get nothing. https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3sendtodeviceeventtypetxnid
 */
export async function sendToDevice(
  { storage, clock, serverName, remoteToDevice }: SendToDeviceDeps,
  { requester, type, path, messages }: ToDeviceRequest,
): Promise<void> {
  const { userId: sender, deviceId: senderDevice } = requester;
  if (exceedsUtf8(type, MAX_EVENT_TYPE_BYTES)) throw invalidParam(`A type has at most ${MAX_EVENT_TYPE_BYTES} bytes`);
  const { local, remote } = partitionUsers(messages, serverName);
  const queued = [...local].flatMap(([userId, byDevice]) =>
    Object.entries(byDevice).map(([deviceId, content]) => ({
      userId,
      deviceId,
      event: eventText({ content, sender, type }),
    })),
  );
  const transaction = { userId: sender, deviceId: senderDevice, path };
  await storage.write(async (tx) => {
    if (await tx.toDevice.isSent(transaction)) return;
    if (!(await tx.devices.get(sender, senderDevice))) throw deviceDeleted();
    tx.toDevice.remember(transaction, clock.now());
    const devices = Map.groupBy(await tx.toDevice.devicesOf([...local.keys()]), ({ userId }) => userId);
    let bytes = 0;
    for (const { userId, deviceId, event } of queued) {
      for (const device of devices.get(userId) ?? []) {
        if (deviceId !== EVERY_DEVICE && deviceId !== device.deviceId) continue;
        bytes += utf8Length(event);
        if (bytes > MAX_QUEUED_BYTES) throw new MatrixError("M_TOO_LARGE", "So large a message to so many devices");
        tx.toDevice.add(userId, device.deviceId, event);
      }
    }
    if (remote.size > 0) remoteToDevice.collect(tx, { sender, type, messages: remote });
  });
}

function eventText(event: { readonly content: unknown; readonly sender: string; readonly type: string }): string {
  const text = JSON.stringify(event);
  if (exceedsUtf8(text, MAX_EVENT_BYTES))
    throw new MatrixError("M_TOO_LARGE", "A message is larger than an event may be");
  return text;
}
