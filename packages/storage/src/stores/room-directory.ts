import type { RoomId } from "@croft/protocol";

export interface RoomDirectoryReader {
  isPublished(roomId: RoomId): Promise<boolean>;
}

export interface RoomDirectoryStore extends RoomDirectoryReader {
  /** Lists or unlists a room; doing so twice is doing it once. */
  setPublished(roomId: RoomId, published: boolean): void;
}
