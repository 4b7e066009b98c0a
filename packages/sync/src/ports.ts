import type { DeviceId, EventId, RoomId, UserId } from "@croft/protocol";

/** Messages sent straight to a device; satisfied by e2ee. Positions are those of the one stream. */
export interface ToDeviceInbox {
  /** Messages with `after < position <= upTo`, oldest first, at most `limit`; `text` is the event as clients get it. */
  waiting(args: {
    readonly userId: UserId;
    readonly deviceId: DeviceId;
    readonly after: number;
    readonly upTo: number;
    readonly limit: number;
  }): Promise<readonly { readonly position: number; readonly text: string }[]>;
  /** The device has all up to `upTo`: none of it is kept. Costs a read where there is nothing to forget. */
  received(args: { readonly userId: UserId; readonly deviceId: DeviceId; readonly upTo: number }): Promise<void>;
}

/** Changes of device lists and cross-signing keys; satisfied by e2ee. */
export interface DeviceListChanges {
  /** Users whose keys changed with `after < position <= upTo`: the user themselves and those who share a room with them. */
  changedSince(args: {
    readonly userId: UserId;
    readonly after: number;
    readonly upTo: number;
  }): Promise<readonly UserId[]>;
}

/** The keys a device has uploaded for others to claim; satisfied by e2ee. */
export interface DeviceKeyCounts {
  keyCounts(userId: UserId, deviceId: DeviceId): Promise<KeyCounts>;
}

export type KeyCounts = {
  /** By algorithm, `signed_curve25519` also where there is none. */
  readonly oneTimeKeys: { readonly [algorithm: string]: number };
  /** Algorithms with a fallback key that nobody has claimed. */
  readonly unusedFallbackKeyTypes: readonly string[];
};

/** What is unread; satisfied by push. */
export interface UnreadCounts {
  /** Of the rooms asked for, those with anything unread. */
  unread(args: { readonly userId: UserId; readonly roomIds: readonly RoomId[] }): Promise<ReadonlyMap<RoomId, RoomUnread>>;
}

export type Unread = { readonly notifications: number; readonly highlights: number };

export type RoomUnread = {
  /** What is in no thread. */
  readonly main: Unread;
  /** By root; threads without anything unread are left out. */
  readonly threads: ReadonlyMap<EventId, Unread>;
};
