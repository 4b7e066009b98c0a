import type { SignatureChecks } from "../auth-rules/auth-question.ts";
import type { Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { eventSource, MissingEvents } from "./event-source.ts";
import type { AuthChecks } from "./iterative-auth-checks.ts";
import { resolveV1 } from "./resolve-v1.ts";
import { resolveV2 } from "./resolve-v2.ts";
import type { StateMap } from "./state-map.ts";

export type StateResolution = {
  readonly version: RoomVersion;
  /** The states after each of the previous events; their order does not matter. At least one. */
  readonly stateSets: readonly StateMap[];
  /** The events known, in any order. Needed are the states' events with their auth chains, and the create event. */
  readonly events: (eventId: EventId) => Pdu | undefined;
  /** Whether an event was rejected on receipt; none unless given. */
  readonly rejected?: (eventId: EventId) => boolean;
  /** Third-party invites are judged again in the resolved state; what servers signed was checked on receipt. */
  readonly signedByKey: SignatureChecks["signedByKey"];
};

/** The resolved state, or the events that must be given before it can be told: each one's auth chain may be needed too. */
export type ResolvedState =
  | { readonly resolved: true; readonly state: StateMap }
  | { readonly resolved: false; readonly missing: readonly EventId[] };

const NONE = (): boolean => false;

/**
 * The one state that several make, by the algorithm of the room version. The same for any order of the states and of
 * whatever they hold, on every server.
 * https://spec.matrix.org/v1.19/server-server-api/#room-state-resolution
 */
export function resolveState({
  version,
  stateSets,
  events,
  rejected = NONE,
  signedByKey,
}: StateResolution): ResolvedState {
  const [first, ...rest] = stateSets;
  if (first === undefined) throw new RangeError("There is no state to resolve");
  if (rest.length === 0) return { resolved: true, state: first };
  const checks: AuthChecks = {
    version,
    source: eventSource(events),
    rejected,
    signatures: { signedByServer: () => true, signedByKey },
  };
  try {
    const state = version.stateResolution === "v1" ? resolveV1(checks, stateSets) : resolveV2(checks, stateSets);
    return { resolved: true, state };
  } catch (error) {
    if (error instanceof MissingEvents) return { resolved: false, missing: error.eventIds };
    throw error;
  }
}
