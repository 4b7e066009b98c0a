import type { DeviceId, UserId } from "@croft/protocol";

/** What accounts ask of the rooms. */
export interface RoomMemberships {
  /** Leaves every room, refuses every invite and knock. Idempotent: it is called again after a crash. */
  leaveAllRooms(userId: UserId): Promise<void>;
  /** The user's `displayname` or `avatar_url` is another now, and noted as pending: their member events follow. */
  profileChanged(userId: UserId): void;
}

/** What a user's push rules are; satisfied by push. */
export interface PushRules {
  /** The content of `m.push_rules`, JSON text, from what is kept under that type; undefined: nothing is. */
  content(userId: UserId, kept: string | undefined): string;
}

/** What accounts ask of those who keep things for devices: keys, messages, pushers. */
export interface DeviceKeys {
  /** Forgets all that is kept for these devices, and tells who must know. Idempotent; unknown ids are ignored. */
  deleteDevices(userId: UserId, deviceIds: readonly DeviceId[]): Promise<void>;
  /** Whether one of the user's cross-signing keys has this id: no device may then be called so. */
  isCrossSigningKey(userId: UserId, id: string): Promise<boolean>;
  /** A device is called otherwise now: others are shown its name with its keys. */
  deviceRenamed(userId: UserId): Promise<void>;
  /** The account is no more: its cross-signing keys and backups go. Idempotent. */
  forgetUser(userId: UserId): Promise<void>;
}
