import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { Position } from "../sql.ts";

export type MembershipValue = "join" | "invite" | "leave" | "ban" | "knock";

/** Where a user stands in a room now. */
export type MembershipRecord = {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly membership: MembershipValue;
  readonly eventId: EventId;
  /** Position of the change; a profile change within a join moves it too. */
  readonly position: number;
  /** Position of the first join of the present stay; undefined unless joined. */
  readonly joinedSince: number | undefined;
  readonly sender: UserId;
  readonly forgotten: boolean;
  /** Stripped state that came with an invite or knock, as JSON text of an array; empty where the room is known. */
  readonly strippedState: string | undefined;
};

export interface MembershipReader {
  get(roomId: RoomId, userId: UserId): Promise<MembershipRecord | undefined>;
  /** All of a user's rooms with one of these memberships, forgotten ones left out. */
  ofUser(userId: UserId, memberships: readonly MembershipValue[]): Promise<MembershipRecord[]>;
  /** Members of a room with one of these memberships. */
  ofRoom(roomId: RoomId, memberships: readonly MembershipValue[]): Promise<MembershipRecord[]>;
  counts(roomId: RoomId): Promise<{ joined: number; invited: number }>;
  /** The same for many rooms with one query; rooms without members are left out. */
  countsOf(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, { joined: number; invited: number }>>;
  /** Members of a room with one of these memberships, whose membership changed longest ago first. */
  first(args: {
    roomId: RoomId;
    memberships: readonly MembershipValue[];
    except: UserId;
    limit: number;
  }): Promise<UserId[]>;
  /** A user's membership changes with `after < position <= upTo`, one per room (the last). */
  changedSince(userId: UserId, after: number, upTo: number): Promise<MembershipRecord[]>;
  /** Whether two users are joined to a room together. */
  shareRoom(a: UserId, b: UserId): Promise<boolean>;
  /** Users joined to any room the user is joined to, themselves left out. */
  usersSharingRoom(userId: UserId): Promise<UserId[]>;
}

export interface MembershipStore extends MembershipReader {
  set(
    membership: Omit<MembershipRecord, "position" | "forgotten" | "joinedSince"> & {
      position: Position;
      joinedSince: Position | number | undefined;
    },
  ): void;
  /** Guarded: fails unless the user has left, or is banned. */
  forget(roomId: RoomId, userId: UserId): void;
}
