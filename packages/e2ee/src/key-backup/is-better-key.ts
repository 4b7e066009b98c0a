import type { KeyBackupRank } from "@croft/storage";

/**
 * Whether a key takes the place of another of its session: one that is verified before one that is not, then the one
 * that decrypts more, then the one that was forwarded less often. Of equals the first stays.
 * https://spec.matrix.org/v1.19/client-server-api/#storing-a-key-backup-key
 */
export function isBetterKey(key: KeyBackupRank, than: KeyBackupRank): boolean {
  if (key.isVerified !== than.isVerified) return key.isVerified;
  if (key.firstMessageIndex !== than.firstMessageIndex) return key.firstMessageIndex < than.firstMessageIndex;
  return key.forwardedCount < than.forwardedCount;
}
