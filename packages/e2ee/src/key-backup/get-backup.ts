import type { UserId } from "@croft/protocol";
import type { KeyBackupRecord, Storage } from "@croft/storage";
import { requireBackup, unknownBackup } from "./find-backup.ts";

/**
 * One version, or the current one where none is named.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keysversionversion
 */
export async function getBackup(
  { storage }: { readonly storage: Storage<"keyBackups"> },
  { userId, version }: { readonly userId: UserId; readonly version: string | undefined },
): Promise<KeyBackupRecord> {
  const { keyBackups } = storage.read;
  if (version !== undefined) return requireBackup(keyBackups, { userId, version });
  const current = await keyBackups.latest(userId);
  if (current === undefined) throw unknownBackup();
  return current;
}
