import type { DeviceId, UserId } from "@croft/protocol";
import type { StreamToken } from "@croft/rooms";
import type { SyncFilter } from "../filters/sync-filter.ts";

/** One `/sync`, read: all that is held of it while it waits. */
export type SyncQuestion = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** undefined: the client knows nothing yet. */
  readonly since: StreamToken | undefined;
  readonly filter: SyncFilter;
  readonly fullState: boolean;
  /** What the client calls the state at the end of the timeline; undefined: it wants that at the start, as `state`. */
  readonly stateAfter: StateAfterName | undefined;
};

export type StateAfterName = "state_after" | "org.matrix.msc4222.state_after";
