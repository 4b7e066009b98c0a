import type { RoomId, UserId } from "@croft/protocol";

/**
 * Who must fetch whose keys anew. https://spec.matrix.org/v1.19/client-server-api/#tracking-the-device-list-for-a-user
 * Rooms count whether they are encrypted or not: a client may turn to a room before it is encrypted, and one user too many
 * costs a query, one too few an unreadable message.
 */
export type DeviceListRange = {
  readonly userId: UserId;
  /** Exclusive. */
  readonly after: number;
  readonly upTo: number;
};

export interface DeviceListReader {
  /**
   * Users whose keys changed, of the user's own and of those joined to a room with them, and users whom they signed
   * themselves. Costs what changed on the server in the range.
   */
  changed(range: DeviceListRange): Promise<UserId[]>;
  /** Users joined to a room with the user, where a stay of one of both began in the range. */
  newlyShared(range: DeviceListRange): Promise<UserId[]>;
  /**
   * Users joined to no room with the user any more who left one of the user's rooms in the range, or are or were then in
   * one of `leftRooms`: those the user was joined to before the range and is not now.
   */
  noLongerShared(range: DeviceListRange & { readonly leftRooms: readonly RoomId[] }): Promise<UserId[]>;
}

export interface DeviceListStore extends DeviceListReader {
  /** The user's devices or public cross-signing keys changed. */
  setChanged(userId: UserId): void;
  /** Something about `changed` changed that `viewer` alone may see: a signature, an own user-signing key. */
  setChangedFor(viewer: UserId, changed: UserId): void;
}
