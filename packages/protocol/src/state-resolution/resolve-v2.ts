import { membershipOf } from "../auth-rules/fields.ts";
import type { Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";
import { conflictsOf } from "./conflicts.ts";
import type { EventSource } from "./event-source.ts";
import { authDifference, conflictedStateSubgraph } from "./full-conflicted-set.ts";
import { type AuthChecks, iterativeAuthChecks } from "./iterative-auth-checks.ts";
import { mainlineOrder } from "./mainline-order.ts";
import { reverseTopologicalPowerOrder } from "./reverse-topological-power-order.ts";
import { type StateMap, stateMapKey } from "./state-map.ts";

const POWER_LEVELS = stateMapKey("m.room.power_levels", "");

/**
 * State resolution v2 (room versions 2 to 11) and v2.1 (from 12).
 * https://spec.matrix.org/v1.19/rooms/v12/#state-resolution
 */
export function resolveV2(checks: AuthChecks, stateSets: readonly StateMap[]): StateMap {
  const { version, source } = checks;
  const isV21 = version.stateResolution === "v2.1";
  const conflicts = conflictsOf(stateSets);
  const { unconflicted } = conflicts;
  if (conflicts.conflicted.size === 0) return unconflicted;

  const conflicted = new Set<EventId>();
  for (const eventIds of conflicts.conflicted.values()) for (const eventId of eventIds) conflicted.add(eventId);
  const fullConflictedSet = authDifference(source, stateSets, conflicts).union(
    isV21 ? conflictedStateSubgraph(source, conflicted) : conflicted,
  );

  // 1. Select the set X of all power events that appear in the full conflicted set. For each such power event P,
  //    enlarge X by adding the events in the auth chain of P which also belong to the full conflicted set. Sort X
  //    using the reverse topological power ordering.
  const x = withPowerEvents(source, fullConflictedSet);
  const powerOrder = reverseTopologicalPowerOrder(version, source, x);

  // 2. Apply the iterative auth checks algorithm, starting from the unconflicted state map (in v2.1 from an empty
  //    state map), to get a partially resolved state.
  const state = new Map(isV21 ? [] : unconflicted);
  iterativeAuthChecks(checks, state, powerOrder);

  // 3. Take all remaining events and order them by the mainline ordering based on the power level in the partially
  //    resolved state.
  const remaining = mainlineOrder(source, state.get(POWER_LEVELS), fullConflictedSet.difference(x));

  // 4. Apply the iterative auth checks algorithm on the partially resolved state and those events.
  iterativeAuthChecks(checks, state, remaining);

  // 5. Update the result by replacing any event with the event with the same key from the unconflicted state map.
  for (const [key, eventId] of unconflicted) state.set(key, eventId);
  return state;
}

/**
 * The power events and, from each, what its auth events lead to without leaving the full conflicted set. (The spec has
 * the whole auth chain; other servers stop where it leaves the set, and states must agree.)
 */
function withPowerEvents(source: EventSource, fullConflictedSet: ReadonlySet<EventId>): Set<EventId> {
  const selected = new Set<EventId>();
  const pending: EventId[] = [];
  for (const eventId of fullConflictedSet) if (isPowerEvent(source.event(eventId))) pending.push(eventId);
  for (let eventId = pending.pop(); eventId !== undefined; eventId = pending.pop()) {
    if (selected.has(eventId)) continue;
    selected.add(eventId);
    for (const authEvent of source.authEvents(eventId)) if (fullConflictedSet.has(authEvent)) pending.push(authEvent);
  }
  return selected;
}

/** A state event that might remove someone's ability to do something in the room. */
function isPowerEvent(event: Pdu): boolean {
  if (event.type === "m.room.power_levels" || event.type === "m.room.join_rules") return event.state_key === "";
  if (event.type !== "m.room.member" || event.state_key === undefined || event.sender === event.state_key) return false;
  const membership = membershipOf(event);
  return membership === "leave" || membership === "ban";
}
