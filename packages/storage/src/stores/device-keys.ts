import type { DeviceId, UserId } from "@croft/protocol";

/** A device and the identity keys it has published. https://spec.matrix.org/v1.19/client-server-api/#device-keys */
export type DeviceKeysRecord = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly displayName: string | undefined;
  /** Canonical JSON of what was uploaded; undefined for a device that does not encrypt. */
  readonly keys: string | undefined;
};

export interface DeviceKeyReader {
  /** Every device of these users, those without keys too. Users without devices do not occur. */
  ofUsers(userIds: readonly UserId[]): Promise<DeviceKeysRecord[]>;
}

export interface DeviceKeyStore extends DeviceKeyReader {
  /** Replaces what the device had. Guarded: fails if there is no such device. */
  set(userId: UserId, deviceId: DeviceId, keys: string): void;
  /** Changes nothing. Guarded: fails unless the device has these keys. */
  requireKeys(userId: UserId, deviceId: DeviceId, keys: string): void;
  /** Unknown ids are ignored. */
  delete(userId: UserId, deviceIds: readonly DeviceId[]): void;
}
