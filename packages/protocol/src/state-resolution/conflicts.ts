import type { EventId } from "../identifiers/types.ts";
import type { StateMap } from "./state-map.ts";

export type Conflicts = {
  /** What every state has, with the same value. */
  readonly unconflicted: Map<string, EventId>;
  /** For each other key the events that any state has for it, each once. */
  readonly conflicted: ReadonlyMap<string, ReadonlySet<EventId>>;
};

/**
 * Divides states into the unconflicted state map and the conflicted state set of state resolution v2.
 * https://spec.matrix.org/v1.19/rooms/v2/#definitions
 */
export function conflictsOf(stateSets: readonly StateMap[]): Conflicts {
  const unconflicted = new Map<string, EventId>();
  const conflicted = new Map<string, Set<EventId>>();
  const agreement = new Map<string, number>();
  for (const state of stateSets) {
    for (const [key, eventId] of state) {
      const first = unconflicted.get(key);
      if (first === undefined) unconflicted.set(key, eventId);
      if (first === undefined || first === eventId) agreement.set(key, (agreement.get(key) ?? 0) + 1);
    }
  }
  for (const [key, count] of agreement) {
    if (count === stateSets.length) continue;
    unconflicted.delete(key);
    conflicted.set(key, eventsAt(stateSets, key));
  }
  return { unconflicted, conflicted };
}

/** As {@link conflictsOf}, for v1, where a key that some states lack is no conflict. */
export function conflictsOfV1(stateSets: readonly StateMap[]): Conflicts {
  const unconflicted = new Map<string, EventId>();
  const conflicted = new Map<string, ReadonlySet<EventId>>();
  for (const state of stateSets) {
    for (const [key, eventId] of state) {
      const first = unconflicted.get(key);
      if (first === undefined) unconflicted.set(key, eventId);
      else if (first !== eventId && !conflicted.has(key)) conflicted.set(key, eventsAt(stateSets, key));
    }
  }
  for (const key of conflicted.keys()) unconflicted.delete(key);
  return { unconflicted, conflicted };
}

function eventsAt(stateSets: readonly StateMap[], key: string): Set<EventId> {
  const eventIds = new Set<EventId>();
  for (const state of stateSets) {
    const eventId = state.get(key);
    if (eventId !== undefined) eventIds.add(eventId);
  }
  return eventIds;
}
