import type { RoomId, UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#client-config */
export type AccountDataRecord = {
  /** undefined = global. */
  readonly roomId: RoomId | undefined;
  readonly type: string;
  /** JSON text of an object, as the client sent it. */
  readonly content: string;
  readonly position: number;
};

export type AccountDataKey = {
  readonly userId: UserId;
  readonly roomId: RoomId | undefined;
  readonly type: string;
};

export interface AccountDataReader {
  get(key: AccountDataKey): Promise<AccountDataRecord | undefined>;
  /** Of all the user keeps, global and per room: how many entries, and how many bytes their contents are. */
  sizeOf(userId: UserId): Promise<{ readonly entries: number; readonly bytes: number }>;
  /** Global and per room, with `after < position <= upTo`, in stream order; `after` 0 = everything. */
  changedSince(userId: UserId, after: number, upTo: number): Promise<AccountDataRecord[]>;
}

export interface AccountDataStore extends AccountDataReader {
  /** Replaces what was there, and wakes the user. */
  set(key: AccountDataKey, content: string): void;
  /** `set` for a content made from the one of `basedOn` (undefined: there was none). Guarded: fails if that has changed. */
  replace(key: AccountDataKey, content: string, basedOn: number | undefined): void;
  deleteAll(userId: UserId): void;
}
