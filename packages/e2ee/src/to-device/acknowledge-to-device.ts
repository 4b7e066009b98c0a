import type { DeviceId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";

/**
 * The device has got what stands up to here: its sync presents the token that came with it. Writes nothing where nothing
 * was waiting. https://spec.matrix.org/v1.19/client-server-api/#extensions-to-sync
 */
export async function acknowledgeToDevice(
  { storage }: { readonly storage: Storage<"toDevice"> },
  { userId, deviceId, upTo }: { readonly userId: UserId; readonly deviceId: DeviceId; readonly upTo: number },
): Promise<void> {
  const [oldest] = await storage.read.toDevice.forDevice({ userId, deviceId, after: 0, upTo, limit: 1 });
  if (oldest === undefined) return;
  await storage.write(async (tx) => tx.toDevice.deleteUpTo(userId, deviceId, upTo));
}
