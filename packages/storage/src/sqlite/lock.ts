import { claimExclusively } from "@croft/runtime";
import { StorageUnavailable } from "../storage.ts";

/** Claims the database for this process until `release`, or until the process ends however it ends. */
export function lockDatabase(path: string): { release(): void } {
  const claim = claimExclusively(path);
  if (!claim.claimed) {
    throw new StorageUnavailable(`The database ${path} is in use by another Croft (process ${claim.holder}).`);
  }
  return claim;
}
