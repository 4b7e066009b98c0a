import type { RoomId, UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { requireBackup } from "./find-backup.ts";
import type { BackupState } from "./put-keys.ts";

/**
 * Deletes all keys of a backup, those of a room or that of a session; the backup stays.
 * https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3room_keyskeys
 */
export function deleteKeys(
  { storage }: { readonly storage: Storage<"keyBackups"> },
  {
    userId,
    version,
    ...narrowed
  }: {
    readonly userId: UserId;
    readonly version: string;
    readonly roomId?: RoomId;
    readonly sessionId?: string;
  },
): Promise<BackupState> {
  return storage.write(async (tx) => {
    const backup = await requireBackup(tx.keyBackups, { userId, version });
    const which = { userId, version: backup.version, ...narrowed };
    const deleted = await tx.keyBackups.countKeys(which);
    if (deleted === 0) return { etag: String(backup.etag), count: backup.count };
    const count = backup.count - deleted;
    tx.keyBackups.deleteKeys(which);
    tx.keyBackups.setCount(userId, backup.version, { count, basedOn: backup.etag });
    return { etag: String(backup.etag + 1), count };
  });
}
