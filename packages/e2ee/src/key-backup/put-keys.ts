import { invalidParam, MAX_IDENTIFIER_BYTES, MatrixError, type RoomId, type UserId, utf8Length } from "@croft/protocol";
import type { KeyBackupRank, Storage, Stores } from "@croft/storage";
import { requireCurrentBackup } from "./find-backup.ts";
import { isBetterKey } from "./is-better-key.ts";

export type KeyBackupData = {
  readonly first_message_index: number;
  readonly forwarded_count: number;
  readonly is_verified: boolean;
  readonly session_data: object;
};

/** By room and session. */
export type BackupRooms = {
  readonly [roomId: string]: { readonly sessions: { readonly [id: string]: KeyBackupData } };
};

/** How the backup is after a change. */
export type BackupState = { readonly etag: string; readonly count: number };

/** A key is about a kilobyte. */
const MAX_KEY_BYTES = 65_536;
const MAX_SESSION_ID_BYTES = 255;

/**
 * Stores keys in the current backup; of a session that is there already the better one is kept.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3room_keyskeys
 */
export async function putKeys(
  { storage }: { readonly storage: Storage<"keyBackups"> },
  { userId, version, rooms }: { readonly userId: UserId; readonly version: string; readonly rooms: BackupRooms },
): Promise<BackupState> {
  const read = Object.entries(rooms).map(([roomId, { sessions }]) => readRoom(roomId, sessions));
  return storage.write(async (tx) => {
    const backup = await requireCurrentBackup(tx.keyBackups, { userId, version });
    let { count } = backup;
    let written = 0;
    for (const room of read) {
      const put = await putRoom(tx.keyBackups, { userId, version: backup.version, room });
      count += put.added;
      written += put.written;
    }
    if (written === 0) return { etag: String(backup.etag), count };
    tx.keyBackups.setCount(userId, backup.version, { count, basedOn: backup.etag });
    return { etag: String(backup.etag + 1), count };
  });
}

/** The room need not be one that this server knows, or would. */
const hasSigil = (roomId: string): roomId is RoomId => roomId.startsWith("!");

type RoomKeys = {
  readonly roomId: RoomId;
  readonly keys: readonly ({ readonly sessionId: string; readonly data: string } & KeyBackupRank)[];
};

function readRoom(roomId: string, sessions: { readonly [id: string]: KeyBackupData }): RoomKeys {
  if (!hasSigil(roomId) || utf8Length(roomId) > MAX_IDENTIFIER_BYTES) {
    throw invalidParam(`${roomId.slice(0, 255)} is not a room id`);
  }
  const keys = Object.entries(sessions).map(([sessionId, key]) => {
    const data = JSON.stringify(key);
    if (utf8Length(sessionId) > MAX_SESSION_ID_BYTES) throw invalidParam("A session id is too long");
    if (utf8Length(data) > MAX_KEY_BYTES) throw new MatrixError("M_TOO_LARGE", "A key in the backup is too large");
    const { is_verified: isVerified, first_message_index: firstMessageIndex, forwarded_count: forwardedCount } = key;
    return { sessionId, data, isVerified, firstMessageIndex, forwardedCount };
  });
  return { roomId, keys };
}

async function putRoom(
  backups: Stores["keyBackups"],
  {
    userId,
    version,
    room: { roomId, keys },
  }: { readonly userId: UserId; readonly version: number; readonly room: RoomKeys },
): Promise<{ readonly added: number; readonly written: number }> {
  const sessionIds = keys.map(({ sessionId }) => sessionId);
  const ranks = await backups.ranks({ userId, version, roomId, sessionIds });
  let added = 0;
  let written = 0;
  for (const key of keys) {
    const known = ranks.get(key.sessionId);
    if (known && !isBetterKey(key, known)) continue;
    backups.putKey(userId, version, { roomId, ...key });
    written++;
    if (known === undefined) added++;
  }
  return { added, written };
}
