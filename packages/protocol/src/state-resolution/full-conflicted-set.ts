import type { EventId } from "../identifiers/types.ts";
import type { Conflicts } from "./conflicts.ts";
import type { EventSource } from "./event-source.ts";
import type { StateMap } from "./state-map.ts";

const NONE: ReadonlySet<EventId> = new Set();

/**
 * The events in the auth chains of some of the states but not of all. A state's own events count as part of its chain,
 * so what all states agree on is never in the difference. (The spec's chain has only what they lead to; other servers
 * count them in, and states must agree.)
 *
 * The chains of the unconflicted events are common to all states: they are walked once, and the walks from each state's
 * conflicted events end where they meet them.
 */
export function authDifference(
  source: EventSource,
  stateSets: readonly StateMap[],
  { unconflicted, conflicted }: Conflicts,
): Set<EventId> {
  const common = source.withAuthChains(unconflicted.values(), NONE);
  const chainsWith = new Map<EventId, number>();
  for (const state of stateSets) {
    const own: EventId[] = [];
    for (const key of conflicted.keys()) {
      const eventId = state.get(key);
      if (eventId !== undefined) own.push(eventId);
    }
    for (const eventId of source.withAuthChains(own, common)) {
      chainsWith.set(eventId, (chainsWith.get(eventId) ?? 0) + 1);
    }
  }
  const difference = new Set<EventId>();
  for (const [eventId, count] of chainsWith) if (count < stateSets.length) difference.add(eventId);
  return difference;
}

/**
 * The events on any path of auth events between two events of the conflicted state set, both ends included. Since
 * version 12. https://spec.matrix.org/v1.19/rooms/v12/#definitions
 */
export function conflictedStateSubgraph(source: EventSource, conflicted: ReadonlySet<EventId>): Set<EventId> {
  // What conflicted events lead to, and who cites whom among that.
  const citedBy = new Map<EventId, EventId[]>();
  for (const eventId of source.withAuthChains(conflicted, NONE)) {
    for (const authEvent of source.authEvents(eventId)) {
      const citing = citedBy.get(authEvent);
      if (citing === undefined) citedBy.set(authEvent, [eventId]);
      else citing.push(eventId);
    }
  }
  // What of it leads to a conflicted event: back up from these.
  const subgraph = new Set(conflicted);
  const pending = [...conflicted];
  for (let eventId = pending.pop(); eventId !== undefined; eventId = pending.pop()) {
    for (const citing of citedBy.get(eventId) ?? []) {
      if (subgraph.has(citing)) continue;
      subgraph.add(citing);
      pending.push(citing);
    }
  }
  return subgraph;
}
