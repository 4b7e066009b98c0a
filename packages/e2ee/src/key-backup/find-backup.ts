import { MatrixError, notFound, type UserId } from "@croft/protocol";
import type { KeyBackupReader, KeyBackupRecord } from "@croft/storage";

/** What a user's backups are read from, inside a write or outside. */
type Backups = Pick<KeyBackupReader, "get" | "latest">;

/** How versions are printed; anything else is the name of no backup. */
const VERSION = /^[1-9]\d{0,14}$/;

/** A backup that was there once, deleted or not. */
export async function findBackup(
  backups: Backups,
  { userId, version }: { readonly userId: UserId; readonly version: string },
): Promise<KeyBackupRecord> {
  const backup = VERSION.test(version) ? await backups.get(userId, Number(version)) : undefined;
  if (backup === undefined) throw unknownBackup();
  return backup;
}

/** A backup that can be read. */
export async function requireBackup(
  backups: Backups,
  which: { readonly userId: UserId; readonly version: string },
): Promise<KeyBackupRecord> {
  const backup = await findBackup(backups, which);
  if (backup.deleted) throw unknownBackup();
  return backup;
}

/** A backup that may be written to: the newest alone. */
export async function requireCurrentBackup(
  backups: Backups,
  which: { readonly userId: UserId; readonly version: string },
): Promise<KeyBackupRecord> {
  const current = await backups.latest(which.userId);
  if (current === undefined) throw unknownBackup();
  if (String(current.version) === which.version) return current;
  await requireBackup(backups, which);
  throw new MatrixError("M_WRONG_ROOM_KEYS_VERSION", "This backup is not the current one", {
    current_version: String(current.version),
  });
}

export const unknownBackup = (): MatrixError => notFound("There is no such backup");
