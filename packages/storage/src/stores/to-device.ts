import type { DeviceId, UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#send-to-device-messaging */
export type ToDeviceMessage = {
  readonly position: number;
  /** The event as its device gets it, JSON text. */
  readonly event: string;
};

/** What tells one sending from its repetition. */
export type ToDeviceTransaction = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** The request's path as sent. */
  readonly path: string;
};

export interface ToDeviceReader {
  /** The oldest `limit` messages waiting with `after < position <= upTo`, in the order of arrival. */
  forDevice(args: {
    readonly userId: UserId;
    readonly deviceId: DeviceId;
    readonly after: number;
    readonly upTo: number;
    readonly limit: number;
  }): Promise<ToDeviceMessage[]>;
  /** Every device of these users. */
  devicesOf(userIds: readonly UserId[]): Promise<{ readonly userId: UserId; readonly deviceId: DeviceId }[]>;
  isSent(transaction: ToDeviceTransaction): Promise<boolean>;
}

export interface ToDeviceStore extends ToDeviceReader {
  /** Puts a message after all that wait, and wakes the device; one that does not exist gets nothing. */
  add(userId: UserId, deviceId: DeviceId, event: string): void;
  /** The device has what stands up to here. */
  deleteUpTo(userId: UserId, deviceId: DeviceId, position: number): void;
  /** Guarded: fails if the transaction is remembered already, or its device does not exist. */
  remember(transaction: ToDeviceTransaction, now: number): void;
  forgetTransactions(before: number): void;
  /** Messages for and transactions of these devices. Unknown ids are ignored. */
  delete(userId: UserId, deviceIds: readonly DeviceId[]): void;
}
