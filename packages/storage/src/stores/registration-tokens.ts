/** https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration */
export type RegistrationTokenRecord = {
  readonly token: string;
  /** undefined = any number. */
  readonly usesAllowed: number | undefined;
  /** Accounts made with it. */
  readonly completed: number;
  /** undefined = never. */
  readonly expiresTs: number | undefined;
};

export interface RegistrationTokenReader {
  get(token: string): Promise<RegistrationTokenRecord | undefined>;
  all(): Promise<RegistrationTokenRecord[]>;
}

export interface RegistrationTokenStore extends RegistrationTokenReader {
  /** Guarded: fails if the token exists. */
  create(token: Omit<RegistrationTokenRecord, "completed">): void;
  /** Counts one use. Guarded: fails if the token is unknown, used up, or expired at `now`. */
  use(token: string, now: number): void;
  update(token: Omit<RegistrationTokenRecord, "completed">): void;
  delete(token: string): void;
}
