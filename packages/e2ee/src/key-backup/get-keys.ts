import { notFound, type RoomId, type UserId } from "@croft/protocol";
import type { BackedUpKey, Storage } from "@croft/storage";
import { requireBackup } from "./find-backup.ts";

export type GetKeysDeps = { readonly storage: Storage<"keyBackups"> };

/** All keys of a backup, as the text of a reply. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keyskeys */
export async function getKeys(
  { storage }: GetKeysDeps,
  { userId, version }: { readonly userId: UserId; readonly version: string },
): Promise<string> {
  const backup = await requireBackup(storage.read.keyBackups, { userId, version });
  const rooms = Map.groupBy(
    await storage.read.keyBackups.keys({ userId, version: backup.version }),
    ({ roomId }) => roomId,
  );
  const texts = Array.from(rooms, ([roomId, keys]) => `${JSON.stringify(roomId)}:${sessionsText(keys)}`);
  return `{"rooms":{${texts.join(",")}}}`;
}

/** Those of a room. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keyskeysroomid */
export async function getRoomKeys(
  { storage }: GetKeysDeps,
  { userId, version, roomId }: { readonly userId: UserId; readonly version: string; readonly roomId: RoomId },
): Promise<string> {
  const backup = await requireBackup(storage.read.keyBackups, { userId, version });
  return sessionsText(await storage.read.keyBackups.keys({ userId, version: backup.version, roomId }));
}

/** That of a session. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keyskeysroomidsessionid */
export async function getSessionKey(
  { storage }: GetKeysDeps,
  {
    userId,
    version,
    ...which
  }: { readonly userId: UserId; readonly version: string; readonly roomId: RoomId; readonly sessionId: string },
): Promise<string> {
  const backup = await requireBackup(storage.read.keyBackups, { userId, version });
  const [key] = await storage.read.keyBackups.keys({ userId, version: backup.version, ...which });
  if (key === undefined) throw notFound("This key is not in the backup");
  return key.data;
}

const sessionsText = (keys: readonly BackedUpKey[]): string =>
  `{"sessions":{${keys.map(({ sessionId, data }) => `${JSON.stringify(sessionId)}:${data}`).join(",")}}}`;
