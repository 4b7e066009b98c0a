import { invalidParam, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { authDataText } from "./auth-data-text.ts";
import { requireBackup } from "./find-backup.ts";

/**
 * Replaces `auth_data`; nothing else of a backup can be changed.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3room_keysversionversion
 */
export async function updateBackup(
  { storage }: { readonly storage: Storage<"keyBackups"> },
  {
    userId,
    version,
    stated,
    authData,
  }: {
    readonly userId: UserId;
    readonly version: string;
    /** What the body says of the backup, which must be so. */
    readonly stated: { readonly algorithm: string; readonly version?: string | undefined };
    readonly authData: object;
  },
): Promise<void> {
  const text = authDataText(authData);
  await storage.write(async (tx) => {
    const backup = await requireBackup(tx.keyBackups, { userId, version });
    if (stated.version !== undefined && stated.version !== version) throw invalidParam("version is not the path's");
    if (stated.algorithm !== backup.algorithm) throw invalidParam("algorithm is not the backup's");
    tx.keyBackups.setAuthData(userId, backup.version, text);
  });
}
