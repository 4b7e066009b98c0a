import { checkAuth } from "../auth-rules/check-auth.ts";
import { compareCodePoints } from "../canonical-json/canonical-json.ts";
import { numberOf } from "../canonical-json/raw-number.ts";
import type { EventId } from "../identifiers/types.ts";
import { conflictsOfV1 } from "./conflicts.ts";
import type { AuthChecks } from "./iterative-auth-checks.ts";
import { sha1Hex } from "./sha1.ts";
import { parseStateMapKey, type StateMap, stateMapKey } from "./state-map.ts";

const CREATE = stateMapKey("m.room.create", "");
const POWER_LEVELS = stateMapKey("m.room.power_levels", "");

/** State resolution v1, of room version 1 alone. https://spec.matrix.org/v1.19/rooms/v1/#state-resolution */
export function resolveV1(checks: AuthChecks, stateSets: readonly StateMap[]): StateMap {
  // Start by setting R to the union of the states to be resolved, excluding any conflicting events.
  const { unconflicted: r, conflicted } = conflictsOfV1(stateSets);

  // First we resolve conflicts between m.room.power_levels events, then between m.room.join_rules events, then between
  // m.room.member events.
  const passes: readonly ((key: string) => boolean)[] = [
    (key) => key === POWER_LEVELS,
    (key) => parseStateMapKey(key)[0] === "m.room.join_rules",
    (key) => parseStateMapKey(key)[0] === "m.room.member",
  ];
  const others = new Map(conflicted);
  for (const belongs of passes) {
    // Every key of a pass is judged by the R that the pass began with.
    const resolved: [string, EventId][] = [];
    for (const [key, eventIds] of others) {
      if (!belongs(key)) continue;
      resolved.push([key, lastOfAllowed(checks, r, key, eventIds)]);
      others.delete(key);
    }
    for (const [key, eventId] of resolved) r.set(key, eventId);
  }

  // For all other conflicts, just pick the event with the highest depth and lowest sha1(event_id) that passes
  // authentication in R, and add it to R.
  const resolved = [...others].map(([key, eventIds]) => [key, highestAllowed(checks, r, eventIds)] as const);
  for (const [key, eventId] of resolved) r.set(key, eventId);
  return r;
}

/**
 * Sorts by ascending depth then descending sha1(event_id); adds the first, then each for as long as the one after is
 * allowed in R with those before.
 */
function lastOfAllowed(checks: AuthChecks, r: StateMap, key: string, eventIds: Iterable<EventId>): EventId {
  const [first, ...rest] = byDepth(checks, eventIds);
  let last = first!;
  const state = (wanted: string): EventId | undefined => (wanted === key ? last : r.get(wanted));
  for (const eventId of rest) {
    if (!isAllowed(checks, eventId, state)) break;
    last = eventId;
  }
  return last;
}

/** Where none is allowed, that of the least depth, as other servers do: the spec does not say. */
function highestAllowed(checks: AuthChecks, r: StateMap, eventIds: Iterable<EventId>): EventId {
  const ascending = byDepth(checks, eventIds);
  return ascending.findLast((eventId) => isAllowed(checks, eventId, (key) => r.get(key))) ?? ascending[0]!;
}

function byDepth({ source }: AuthChecks, eventIds: Iterable<EventId>): readonly EventId[] {
  return [...eventIds]
    .map((eventId) => ({ eventId, depth: numberOf(source.event(eventId).depth) ?? 0, sha1: sha1Hex(eventId) }))
    .sort((x, y) => x.depth - y.depth || compareCodePoints(y.sha1, x.sha1))
    .map(({ eventId }) => eventId);
}

const isAllowed = (
  { version, source, signatures }: AuthChecks,
  eventId: EventId,
  state: (key: string) => EventId | undefined,
): boolean =>
  checkAuth({
    version,
    event: source.event(eventId),
    authState: (type, stateKey) => {
      const found = state(stateMapKey(type, stateKey));
      return found === undefined ? undefined : source.event(found);
    },
    createEventId: state(CREATE),
    signatures,
  }).allowed;
