import type { UserId } from "@croft/protocol";
import type { Lifecycle, Logger } from "@croft/runtime";
import { createEventGraph, type EventGraphDeps } from "./event-graph/event-graph.ts";
import { leaveAllRooms } from "./membership/leave-all-rooms.ts";
import { ProfilePropagation } from "./membership/profile-propagation.ts";
import type { AliasServers, Profiles, RemoteServers } from "./ports.ts";
import type { RoomsDeps } from "./routes.ts";
import { forgetOldTransactions } from "./sending/forget-old-transactions.ts";
import { SentTransactions } from "./sending/sent-transactions.ts";

export type CreateRoomsDeps = EventGraphDeps & {
  readonly profiles: Profiles;
  readonly remote: RemoteServers;
  readonly aliasServers: AliasServers;
  readonly logger: Logger;
};

/** Everything a use case of this package may ask for; each takes the part it names. */
export type Rooms = RoomsDeps & {
  readonly profilePropagation: ProfilePropagation;
  /** What accounts ask of the rooms. */
  readonly memberships: {
    leaveAllRooms(userId: UserId): Promise<void>;
    profileChanged(userId: UserId): void;
  };
};

export function createRooms(deps: CreateRoomsDeps): Rooms {
  const graph = createEventGraph(deps);
  const profilePropagation = new ProfilePropagation({ ...deps, graph });
  return {
    ...deps,
    graph,
    transactions: new SentTransactions(),
    profilePropagation,
    memberships: {
      leaveAllRooms: (userId) => leaveAllRooms({ ...deps, graph }, userId),
      profileChanged: (userId) => profilePropagation.profileChanged(userId),
    },
  };
}

const RESUME_PROFILES_EVERY_MS = 60_000;
const FORGET_TRANSACTIONS_EVERY_MS = 60 * 60_000;

/** Starts what rooms do in the background; what a crash left half done is finished by it soon. */
export function startRooms({ profilePropagation, storage, clock }: Rooms, lifecycle: Lifecycle): void {
  lifecycle.onStop("profiles", () => profilePropagation[Symbol.asyncDispose]());
  lifecycle.every(clock, RESUME_PROFILES_EVERY_MS, "pending profiles", () => profilePropagation.resume());
  lifecycle.every(clock, FORGET_TRANSACTIONS_EVERY_MS, "old sent transactions", () =>
    forgetOldTransactions({ storage, clock }),
  );
}
