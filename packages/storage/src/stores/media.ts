import type { UserId } from "@croft/protocol";

/** Bytes that are stored once under the name of their hash. */
export type MediaContent = {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly size: number;
  readonly contentType: string;
};

/** https://spec.matrix.org/v1.19/client-server-api/#content-repository */
export type MediaRecord = {
  readonly mediaId: string;
  /** Who uploads it. */
  readonly userId: UserId;
  readonly createdTs: number;
  /** Until when an upload that is awaited is awaited; undefined once there is content. */
  readonly expiresTs: number | undefined;
  /** undefined: created, not yet uploaded. */
  readonly content: UploadedContent | undefined;
};

export type UploadedContent = MediaContent & { readonly fileName: string | undefined };

export type PendingMedia = {
  readonly mediaId: string;
  readonly userId: UserId;
  readonly createdTs: number;
  readonly expiresTs: number;
};

/** A thumbnail belongs to content, not to a media id: what was uploaded twice is scaled once. */
export type ThumbnailKey = {
  readonly sourceSha256: string;
  readonly method: "crop" | "scale";
  readonly width: number;
  readonly height: number;
};

export interface MediaReader {
  get(mediaId: string): Promise<MediaRecord | undefined>;
  /** How many uploads of the user are awaited at this time. */
  countPending(userId: UserId, now: number): Promise<number>;
  getThumbnail(key: ThumbnailKey): Promise<MediaContent | undefined>;
  /** Whether any media or thumbnail has this content. */
  isReferenced(sha256: string): Promise<boolean>;
}

export interface MediaStore extends MediaReader {
  /** Guarded: fails if the user has `limit` uploads pending at `createdTs` already. */
  createPending(pending: PendingMedia, limit: number): void;
  /** New media, with its content. */
  insert(media: Omit<MediaRecord, "expiresTs" | "content"> & { readonly content: UploadedContent }): void;
  /** Gives pending media its content. Guarded: fails if it has some already or is gone. */
  setContent(mediaId: string, content: UploadedContent): void;
  /** What was remembered of the key before is replaced. */
  setThumbnail(key: ThumbnailKey, content: MediaContent): void;
  /** Forgets uploads that were awaited until before `now`. */
  purgeExpired(now: number): void;
}
