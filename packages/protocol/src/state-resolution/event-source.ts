import { authEventIds } from "../events/edges.ts";
import type { Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";

/** Stops a resolution that needs events it was not given; `resolveState` answers with their ids. */
export class MissingEvents extends Error {
  readonly eventIds: readonly EventId[];

  constructor(eventIds: readonly EventId[]) {
    super(`${eventIds.length} events are missing`);
    this.eventIds = eventIds;
  }
}

/** The events of one resolution, with their auth events read once. */
export type EventSource = {
  /** Throws {@link MissingEvents}. */
  readonly event: (eventId: EventId) => Pdu;
  /** Throws {@link MissingEvents}. */
  readonly authEvents: (eventId: EventId) => readonly EventId[];
  /**
   * These events and their auth chains, without those in `known`, whose chains `known` holds too. Throws
   * {@link MissingEvents} with all that are missing on the way.
   */
  readonly withAuthChains: (eventIds: Iterable<EventId>, known: ReadonlySet<EventId>) => Set<EventId>;
};

export function eventSource(events: (eventId: EventId) => Pdu | undefined): EventSource {
  const authEventsOf = new Map<EventId, readonly EventId[]>();

  const event = (eventId: EventId): Pdu => {
    const found = events(eventId);
    if (found === undefined) throw new MissingEvents([eventId]);
    return found;
  };

  const authEvents = (eventId: EventId): readonly EventId[] => {
    let ids = authEventsOf.get(eventId);
    if (ids === undefined) {
      ids = authEventIds(event(eventId));
      authEventsOf.set(eventId, ids);
    }
    return ids;
  };

  const withAuthChains = (eventIds: Iterable<EventId>, known: ReadonlySet<EventId>): Set<EventId> => {
    const seen = new Set<EventId>();
    const missing: EventId[] = [];
    const pending: EventId[] = [];
    const visit = (eventId: EventId): void => {
      if (known.has(eventId) || seen.has(eventId)) return;
      seen.add(eventId);
      pending.push(eventId);
    };
    for (const eventId of eventIds) visit(eventId);
    for (let eventId = pending.pop(); eventId !== undefined; eventId = pending.pop()) {
      if (!authEventsOf.has(eventId) && events(eventId) === undefined) missing.push(eventId);
      else for (const authEvent of authEvents(eventId)) visit(authEvent);
    }
    if (missing.length > 0) throw new MissingEvents(missing);
    return seen;
  };

  return { event, authEvents, withAuthChains };
}
