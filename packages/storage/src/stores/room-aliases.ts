import type { RoomAlias, RoomId, UserId } from "@croft/protocol";

/** An alias of this server. */
export type RoomAliasRecord = { readonly alias: RoomAlias; readonly roomId: RoomId; readonly creator: UserId };

export interface RoomAliasReader {
  get(alias: RoomAlias): Promise<RoomAliasRecord | undefined>;
  /** In alphabetical order. */
  ofRoom(roomId: RoomId): Promise<RoomAlias[]>;
}

export interface RoomAliasStore extends RoomAliasReader {
  /** Guarded: fails if the alias is taken. */
  create(record: RoomAliasRecord): void;
  /** Guarded: fails unless the alias still is this one. */
  delete(record: RoomAliasRecord): void;
}
