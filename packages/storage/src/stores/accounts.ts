import type { UserId } from "@croft/protocol";

/** A user of this server. A deactivated account keeps its row, so that its name is never given again. */
export type AccountRecord = {
  readonly userId: UserId;
  /** PHC string; undefined where nobody can log in with a password. */
  readonly passwordHash: string | undefined;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly locked: boolean;
  readonly suspended: boolean;
  readonly deactivated: boolean;
  /** The user asked that their content be erased as far as possible. */
  readonly erased: boolean;
  readonly createdTs: number;
};

export interface AccountReader {
  /** Compared byte for byte. */
  get(userId: UserId): Promise<AccountRecord | undefined>;
  /** Whether there has ever been an account. */
  any(): Promise<boolean>;
  /** Deactivated accounts whose rooms have not all been left yet. */
  departing(): Promise<UserId[]>;
  /** Whether a setup token with this hash is waiting and not expired at `now`. */
  isSetupToken(tokenHash: Uint8Array, now: number): Promise<boolean>;
}

export interface AccountStore extends AccountReader {
  /** Guarded: fails if the name is or was taken. Ends the waiting setup token: it is for the first account only. */
  create(account: {
    readonly userId: UserId;
    readonly passwordHash: string | undefined;
    readonly isAdmin: boolean;
    readonly isGuest: boolean;
    readonly createdTs: number;
  }): void;
  /** Guarded: the account is not deactivated. */
  setPassword(userId: UserId, passwordHash: string): void;
  /** Guarded: fails if the password was changed or the account deactivated since the hash was read. */
  requirePassword(userId: UserId, passwordHash: string): void;
  setAdmin(userId: UserId, isAdmin: boolean): void;
  setLocked(userId: UserId, locked: boolean): void;
  setSuspended(userId: UserId, suspended: boolean): void;
  /** Wipes the password and marks the account as departing. Guarded: fails if it is deactivated already. */
  deactivate(userId: UserId, erase: boolean): void;
  /** The rooms of a departing account have been left. */
  departed(userId: UserId): void;
  /** Replaces whatever setup token there was. */
  setSetupToken(tokenHash: Uint8Array, expiresTs: number): void;
  /** Guarded: fails unless this token is the one that is waiting. */
  takeSetupToken(tokenHash: Uint8Array, now: number): void;
}
