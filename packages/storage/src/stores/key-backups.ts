import type { RoomId, UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups */
export type KeyBackupRecord = {
  /** Counts a user's backups; a number is never given again. */
  readonly version: number;
  readonly algorithm: string;
  /** JSON text. */
  readonly authData: string;
  /** Moves with every change of the keys. */
  readonly etag: number;
  readonly count: number;
  /** Its keys are gone; that it was there is remembered. */
  readonly deleted: boolean;
};

/** How good a key is: what one is compared with another by. */
export type KeyBackupRank = {
  readonly isVerified: boolean;
  readonly firstMessageIndex: number;
  readonly forwardedCount: number;
};

export type BackedUpKey = {
  readonly roomId: RoomId;
  readonly sessionId: string;
  /** JSON text of the whole KeyBackupData. */
  readonly data: string;
};

/** All keys of a backup, those of a room, or one. */
export type BackedUpKeys = {
  readonly userId: UserId;
  readonly version: number;
  readonly roomId?: RoomId | undefined;
  readonly sessionId?: string | undefined;
};

export interface KeyBackupReader {
  /** The newest that is not deleted. */
  latest(userId: UserId): Promise<KeyBackupRecord | undefined>;
  get(userId: UserId, version: number): Promise<KeyBackupRecord | undefined>;
  /** The highest version there ever was; 0 if none. */
  lastVersion(userId: UserId): Promise<number>;
  /** Room by room. */
  keys(which: BackedUpKeys): Promise<BackedUpKey[]>;
  countKeys(which: BackedUpKeys): Promise<number>;
  /** By session id. Sessions that are not in the backup do not occur. */
  ranks(args: {
    readonly userId: UserId;
    readonly version: number;
    readonly roomId: RoomId;
    readonly sessionIds: readonly string[];
  }): Promise<ReadonlyMap<string, KeyBackupRank>>;
}

export interface KeyBackupStore extends KeyBackupReader {
  /** Guarded: fails if the version exists. */
  create(userId: UserId, backup: Pick<KeyBackupRecord, "version" | "algorithm" | "authData">): void;
  /** Guarded: fails if there is no such backup, or it is deleted. */
  setAuthData(userId: UserId, version: number, authData: string): void;
  /** Replaces the key of the session. */
  putKey(userId: UserId, version: number, key: BackedUpKey & KeyBackupRank): void;
  deleteKeys(which: BackedUpKeys): void;
  /** The keys have changed. Guarded: fails unless the backup is there and its etag still `basedOn`. */
  setCount(userId: UserId, version: number, change: { readonly count: number; readonly basedOn: number }): void;
  /** Deletes the keys and marks the backup. */
  delete(userId: UserId, version: number): void;
  deleteAll(userId: UserId): void;
}
