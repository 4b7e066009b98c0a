import type { UserId } from "@croft/protocol";

/** Users whose member events may not say their profile yet: what is left to do after a profile changed. */
export interface PendingProfileReader {
  all(): Promise<UserId[]>;
}

export interface PendingProfileStore extends PendingProfileReader {
  /** Doing so twice is doing it once. */
  add(userId: UserId): void;
  remove(userId: UserId): void;
}
