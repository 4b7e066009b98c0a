import type { DeviceId, JsonObject, ServerName, UserId } from "@croft/protocol";
import type { Stores, WriteTools } from "@croft/storage";

/** By server, why it gave no answer. */
export type Failures = { readonly [serverName: ServerName]: { readonly errcode?: string; readonly error?: string } };

export type KeysByUser = { readonly [userId: UserId]: JsonObject };
/** By user and device. */
export type KeysByDevice = { readonly [userId: UserId]: { readonly [deviceId: DeviceId]: JsonObject } };

export type RemoteKeysFound = {
  readonly failures: Failures;
  readonly deviceKeys: KeysByDevice;
  readonly masterKeys: KeysByUser;
  readonly selfSigningKeys: KeysByUser;
};

/** What is asked of other servers about their users' keys. A server that does not answer is a failure, not an error. */
export interface RemoteKeys {
  /** An empty list of devices means all. */
  query(args: {
    readonly devices: ReadonlyMap<UserId, readonly DeviceId[]>;
    readonly timeoutMs: number;
  }): Promise<RemoteKeysFound>;
  /** Claims a one-time key of the algorithm for each device; the keys come by `<algorithm>:<key_id>`. */
  claim(args: {
    readonly algorithms: ReadonlyMap<UserId, ReadonlyMap<DeviceId, string>>;
    readonly timeoutMs: number;
  }): Promise<{ readonly failures: Failures; readonly oneTimeKeys: KeysByDevice }>;
}

/** Takes what is for users of other servers. */
export interface RemoteToDevice {
  /** Writes what is to be sent beside everything else of the transaction, so that a crash loses nothing of it. */
  collect(
    tx: Stores & WriteTools,
    message: {
      readonly sender: UserId;
      readonly type: string;
      readonly messages: ReadonlyMap<UserId, { readonly [deviceId: DeviceId]: unknown }>;
    },
  ): void;
}
