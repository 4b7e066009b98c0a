import type { DeviceId, UserId } from "@croft/protocol";

/**
 * A pair of tokens for a device: an access token and, where the client can refresh, the refresh token given with it.
 * Only hashes are kept. `tokenId` names the pair inside the server.
 * https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens
 */
export type TokenPairRecord = {
  readonly tokenId: number;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** undefined = never. */
  readonly accessExpiresTs: number | undefined;
  /** The pair this one was exchanged for, until one of its tokens is used for the first time. */
  readonly supersedes: number | undefined;
  /** Its successor has been used: the access token is dead, the refresh token a sign of theft when it appears. */
  readonly retired: boolean;
};

/** What every authenticated request needs to know of the token's owner, in one read. */
export type TokenOwner = TokenPairRecord & {
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly locked: boolean;
  readonly deactivated: boolean;
};

export interface SessionReader {
  byAccessToken(tokenHash: Uint8Array): Promise<TokenOwner | undefined>;
  byRefreshToken(tokenHash: Uint8Array): Promise<TokenOwner | undefined>;
}

export interface SessionStore extends SessionReader {
  /** Answers the new pair's `tokenId`. */
  create(pair: {
    readonly userId: UserId;
    readonly deviceId: DeviceId;
    readonly accessHash: Uint8Array;
    readonly accessExpiresTs: number | undefined;
    readonly refreshHash: Uint8Array | undefined;
    readonly supersedes: number | undefined;
    readonly createdTs: number;
  }): number;
  /** Guarded: fails if the pair is retired or gone. A refresh builds on it. */
  requireCurrent(tokenId: number): void;
  /** A token of the pair was used: what it supersedes, and any other pair superseding the same, is retired. Idempotent. */
  confirm(pair: { readonly tokenId: number; readonly supersedes: number; readonly now: number }): void;
  /** Retires all pairs of a device: clients are told to log in again, and may keep their device. */
  retireDevice(userId: UserId, deviceId: DeviceId, now: number): void;
  deleteDevices(userId: UserId, deviceIds: readonly DeviceId[]): void;
  /** All devices' but this one's, those too that log in while this is being decided. */
  deleteOthers(userId: UserId, deviceId: DeviceId): void;
  deleteAll(userId: UserId): void;
  /** Forgets pairs retired before `before`. */
  purgeRetired(before: number): void;
}
