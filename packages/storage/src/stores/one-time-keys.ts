import type { DeviceId, UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#one-time-and-fallback-keys */
export type OneTimeKey = {
  readonly algorithm: string;
  readonly keyId: string;
  /** Canonical JSON of the key: an object or a string. */
  readonly key: string;
};

export type KnownOneTimeKey = OneTimeKey & { readonly claimed: boolean };

/** What a device is told of its keys in every sync. */
export type OneTimeKeyCounts = {
  /** Unclaimed keys by algorithm; an algorithm without any does not occur. */
  readonly counts: { readonly [algorithm: string]: number };
  readonly unusedFallbackTypes: readonly string[];
  /** Position of the last claim that changed one or the other; 0 if there was none. */
  readonly claimedAt: number;
};

export interface OneTimeKeyReader {
  /** Of these keys those that are there, and those that were claimed and are not yet forgotten. */
  withIds(userId: UserId, deviceId: DeviceId, keyIds: readonly string[]): Promise<KnownOneTimeKey[]>;
  /** One query over indexes. */
  countsOf(userId: UserId, deviceId: DeviceId): Promise<OneTimeKeyCounts>;
}

export interface OneTimeKeyStore extends OneTimeKeyReader {
  /**
   * Guarded: fails if the device has a key of this algorithm and id, or the same was claimed and is not yet forgotten;
   * another takes the name of one that was claimed.
   */
  add(userId: UserId, deviceId: DeviceId, key: OneTimeKey): void;
  /** One per algorithm: replaces the one before, and is unused unless it is the same. */
  setFallback(userId: UserId, deviceId: DeviceId, key: OneTimeKey): void;
  /**
   * Takes the key that was uploaded first, for good; no other claim gets it, not even one under way. Where none is left
   * the fallback key, which stays and counts as used. Wakes the device. Guarded.
   */
  claim(userId: UserId, deviceId: DeviceId, algorithm: string, now: number): Promise<OneTimeKey | undefined>;
  /** Forgets keys that were claimed earlier. */
  forgetClaimed(before: number): void;
  /** Fallback keys included. Unknown ids are ignored. */
  delete(userId: UserId, deviceIds: readonly DeviceId[]): void;
}
