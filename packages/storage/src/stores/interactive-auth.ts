/**
 * A conversation in which a client proves, stage by stage, that it may do one thing.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export type InteractiveAuthSession = {
  readonly session: string;
  /** What is to be done, by whom, with what: a session proves nothing for anything else. */
  readonly boundTo: string;
  readonly completed: readonly string[];
  readonly expiresTs: number;
};

export interface InteractiveAuthReader {
  /** undefined if unknown or expired at `now`. */
  get(session: string, now: number): Promise<InteractiveAuthSession | undefined>;
}

export interface InteractiveAuthStore extends InteractiveAuthReader {
  create(session: InteractiveAuthSession): void;
  /** Guarded: fails if the session is gone. */
  setCompleted(session: string, completed: readonly string[]): void;
  /** Ends a session whose proof is being spent. Guarded: fails if it is gone. */
  take(session: string): void;
  purgeExpired(now: number): void;
}
