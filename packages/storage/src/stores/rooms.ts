import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { StateGroup } from "./room-state.ts";

/** A room as this server knows it. */
export type RoomRecord = {
  readonly roomId: RoomId;
  readonly version: string;
  readonly creator: UserId;
  /** This server has not fetched all members yet (a join that omitted them). */
  readonly partialState: boolean;
};

/** Where the room's event graph ends now. */
export type RoomHeadRecord = {
  readonly forwardExtremities: readonly { readonly eventId: EventId; readonly depth: number }[];
  readonly stateGroup: StateGroup;
};

export interface RoomReader {
  byId(roomId: RoomId): Promise<RoomRecord | undefined>;
  head(roomId: RoomId): Promise<RoomHeadRecord | undefined>;
  /** The current state of many rooms with one query; unknown rooms are left out. */
  stateGroups(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, StateGroup>>;
}

export interface RoomStore extends RoomReader {
  /** Guarded: fails if the room is known already. */
  create(room: RoomRecord): void;
  /**
   * Replaces forward extremities. Guarded: every one of `consumed` must still be one, so a write that builds on an
   * event whose own write failed is refused.
   */
  moveHead(args: {
    roomId: RoomId;
    consumed: readonly EventId[];
    added: readonly { eventId: EventId; depth: number }[];
    stateGroup: StateGroup;
  }): void;
}
