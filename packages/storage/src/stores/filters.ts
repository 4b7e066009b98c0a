import type { UserId } from "@croft/protocol";

/** https://spec.matrix.org/v1.19/client-server-api/#filtering */
export interface FilterReader {
  /** JSON text of the filter, as the client sent it. */
  get(userId: UserId, filterId: string): Promise<string | undefined>;
  /** How many the user has defined. */
  count(userId: UserId): Promise<number>;
}

export interface FilterStore extends FilterReader {
  /** A filter never changes: one that is known stays as it is. */
  ensure(userId: UserId, filterId: string, filter: string): void;
  deleteAll(userId: UserId): void;
}
