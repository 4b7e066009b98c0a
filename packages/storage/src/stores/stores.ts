import type { EventReader, EventStore } from "./events.ts";
import type { MembershipReader, MembershipStore } from "./memberships.ts";
import type { RoomStateReader, RoomStateStore } from "./room-state.ts";
import type { RoomReader, RoomStore } from "./rooms.ts";

/** Every store there is, by noun, as a write transaction sees it. A package adds a line for each noun it brings. */
export interface Stores {
  readonly rooms: RoomStore;
  readonly events: EventStore;
  readonly roomState: RoomStateStore;
  readonly memberships: MembershipStore;
}

/** The same nouns outside a write. */
export interface Readers {
  readonly rooms: RoomReader;
  readonly events: EventReader;
  readonly roomState: RoomStateReader;
  readonly memberships: MembershipReader;
}
