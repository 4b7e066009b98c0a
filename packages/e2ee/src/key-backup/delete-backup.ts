import type { UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { findBackup } from "./find-backup.ts";

/**
 * Deletes a backup and its keys for good; again is no error.
 * https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3room_keysversionversion
 */
export async function deleteBackup(
  { storage }: { readonly storage: Storage<"keyBackups"> },
  which: { readonly userId: UserId; readonly version: string },
): Promise<void> {
  await storage.write(async (tx) => {
    const backup = await findBackup(tx.keyBackups, which);
    if (!backup.deleted) tx.keyBackups.delete(which.userId, backup.version);
  });
}
