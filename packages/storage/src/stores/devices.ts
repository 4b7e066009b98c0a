import type { DeviceId, UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#device-management */
export type DeviceRecord = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly displayName: string | undefined;
  readonly createdTs: number;
  readonly lastSeen: LastSeen | undefined;
};

/** May be some minutes behind. */
export type LastSeen = { readonly ip: string; readonly ts: number; readonly userAgent: string | undefined };

export interface DeviceReader {
  get(userId: UserId, deviceId: DeviceId): Promise<DeviceRecord | undefined>;
  /** Oldest first. */
  ofUser(userId: UserId): Promise<DeviceRecord[]>;
}

export interface DeviceStore extends DeviceReader {
  /** A device that is known stays as it is. */
  ensure(device: {
    readonly userId: UserId;
    readonly deviceId: DeviceId;
    readonly displayName: string | undefined;
    readonly createdTs: number;
  }): void;
  /** Changes nothing. Guarded: fails if there is no such device. */
  requireDevice(userId: UserId, deviceId: DeviceId): void;
  /** Guarded: fails if there is no such device. */
  rename(userId: UserId, deviceId: DeviceId, displayName: string): void;
  /** A device that is gone stays gone. */
  seen(userId: UserId, deviceId: DeviceId, lastSeen: LastSeen): void;
  /** Unknown ids are ignored. */
  delete(userId: UserId, deviceIds: readonly DeviceId[]): void;
  deleteAll(userId: UserId): void;
}
