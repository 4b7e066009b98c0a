import type { Filter } from "@croft/api";
import type { RoomId } from "@croft/protocol";
import {
  type CompiledEventFilter,
  type CompiledRoomEventFilter,
  compileEventFilter,
  compileRoomEventFilter,
} from "@croft/rooms";
import { type FieldPaths, fieldPaths } from "./event-fields.ts";

/** Events of a room's timeline in one reply: where the client says nothing, and at most. */
const DEFAULT_TIMELINE_LIMIT = 10;
const MAX_TIMELINE_LIMIT = 1000;

/** What a client wants of a sync, made ready to be asked of each event. Never changed, so many requests share one. */
export type SyncFilter = {
  readonly eventFields: FieldPaths | undefined;
  /** Events as they were signed, instead of the format for clients. */
  readonly federationFormat: boolean;
  readonly includeLeave: boolean;
  readonly timelineLimit: number;
  /** Whether members are sent only as they are needed to show what is sent. */
  readonly lazyLoadMembers: boolean;
  readonly includeRedundantMembers: boolean;
  /** Whether threads are counted by themselves. */
  readonly unreadThreadNotifications: boolean;
  readonly accountData: CompiledEventFilter;
  readonly timeline: CompiledRoomEventFilter;
  readonly state: CompiledRoomEventFilter;
  readonly ephemeral: CompiledRoomEventFilter;
  readonly roomAccountData: CompiledRoomEventFilter;
  allowsRoom(roomId: RoomId): boolean;
};

/** https://spec.matrix.org/v1.19/client-server-api/#filtering */
export function compileSyncFilter(filter: Filter): SyncFilter {
  const { room = {} } = filter;
  const timeline = compileRoomEventFilter(room.timeline ?? {});
  const state = compileRoomEventFilter(room.state ?? {});
  const rooms = compileRoomEventFilter({
    ...(room.rooms === undefined ? undefined : { rooms: room.rooms }),
    ...(room.not_rooms === undefined ? undefined : { not_rooms: room.not_rooms }),
  });
  return {
    eventFields: filter.event_fields && fieldPaths(filter.event_fields),
    federationFormat: filter.event_format === "federation",
    includeLeave: room.include_leave === true,
    timelineLimit: Math.min(timeline.limit ?? DEFAULT_TIMELINE_LIMIT, MAX_TIMELINE_LIMIT),
    lazyLoadMembers: state.lazyLoadMembers,
    includeRedundantMembers: state.includeRedundantMembers,
    unreadThreadNotifications: timeline.unreadThreadNotifications,
    accountData: compileEventFilter(filter.account_data ?? {}),
    timeline,
    state,
    ephemeral: compileRoomEventFilter(room.ephemeral ?? {}),
    roomAccountData: compileRoomEventFilter(room.account_data ?? {}),
    allowsRoom: rooms.allowsRoom,
  };
}
