import type { UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { authDataText } from "./auth-data-text.ts";

/**
 * Begins a new backup, which is the current one from now on; answers its version.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3room_keysversion
 */
export function createBackup(
  { storage }: { readonly storage: Storage<"keyBackups"> },
  { userId, algorithm, authData }: { readonly userId: UserId; readonly algorithm: string; readonly authData: object },
): Promise<string> {
  const text = authDataText(authData);
  return storage.write(async (tx) => {
    const version = (await tx.keyBackups.lastVersion(userId)) + 1;
    tx.keyBackups.create(userId, { version, algorithm, authData: text });
    return String(version);
  });
}
