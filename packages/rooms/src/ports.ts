import type {
  EventId,
  JsonObject,
  Pdu,
  PowerLevels,
  RoomAlias,
  RoomId,
  RoomVersion,
  ServerName,
  UserId,
} from "@croft/protocol";
import type { Position, Stores, WriteTools } from "@croft/storage";

/** What rooms asks of other servers. */
export interface RemoteServers {
  /**
   * Joins a room this server is not in, through one of `via`. When it resolves, the room and the membership are stored.
   * Throws `M_NOT_FOUND` when no server knows the room, and whatever the resident server refused with.
   */
  join(args: {
    readonly userId: UserId;
    readonly roomId: RoomId;
    readonly via: readonly ServerName[];
    readonly content: JsonObject;
  }): Promise<void>;
  /**
   * Asks a user's server to accept an invite; answers the event with that server's signature beside ours. The room's lock
   * is held meanwhile, so it gives up soon.
   */
  invite(args: {
    readonly event: Pdu;
    readonly eventId: EventId;
    readonly version: RoomVersion;
    readonly strippedState: readonly JsonObject[];
  }): Promise<Pdu>;
  /** Leaves, or declines the invite to, a room this server is not in. The membership is stored when it resolves. */
  leave(args: {
    readonly userId: UserId;
    readonly roomId: RoomId;
    readonly via: readonly ServerName[];
    readonly content: JsonObject;
  }): Promise<void>;
}

/** Where aliases of other servers are looked up. */
export interface AliasServers {
  /** Undefined when the alias' server knows none of that name. */
  resolve(alias: RoomAlias): Promise<ResolvedAlias | undefined>;
}

export type ResolvedAlias = { readonly roomId: RoomId; readonly servers: readonly ServerName[] };

export type Profile = { readonly displayname?: string | undefined; readonly avatar_url?: string | undefined };

/** What a member event says of its user; satisfied by accounts. */
export interface Profiles {
  profile(userId: UserId): Promise<Profile>;
}

/** An accepted event and the room it goes into, as far as rules for notifications look at it. */
export type JudgedEvent = {
  readonly roomId: RoomId;
  readonly eventId: EventId;
  readonly event: Pdu;
  readonly version: RoomVersion;
  readonly levels: PowerLevels;
  /** Joined members after the event. */
  readonly joined: number;
  readonly threadRoot: EventId | undefined;
  /** The room's state with the event in it. */
  readonly state: (type: string, stateKey: string) => Promise<Pdu | undefined>;
};

export type Judgement = {
  /** Whether it counts as unread, and whether it highlights, for members with default rules. */
  readonly notifies: boolean;
  readonly highlights: boolean;
  /** Writes of the judge's own beside the event, in the same transaction. */
  readonly record?: (tx: Stores & WriteTools, position: Position) => void;
};

/** Says whom an event notifies; satisfied by push. Called under the room's lock: what it needs should be in memory. */
export interface NotificationJudge {
  judge(judged: JudgedEvent): Judgement | Promise<Judgement>;
}

/** Nobody is notified of anything. */
export const silentJudge: NotificationJudge = {
  judge: () => ({ notifies: false, highlights: false }),
};
