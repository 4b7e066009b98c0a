import type { EventId } from "@croft/protocol";
import type { StoredEvent } from "../stores/events.ts";
import { ByteCache } from "./byte-cache.ts";

const BUDGET = 32 << 20;

/** What an event takes beside its text: the object, its ids, its place in the cache. */
const OVERHEAD = 700;

/** Committed events, appended or read lately. They never change but by redaction, which takes them out. */
export class EventCache {
  readonly #events = new ByteCache<EventId, StoredEvent>(BUDGET, ({ json }) => OVERHEAD + json.length);
  #redactions = 0;

  get(eventId: EventId): StoredEvent | undefined {
    return this.#events.get(eventId);
  }

  add(event: StoredEvent): void {
    this.#events.set(event.eventId, event);
  }

  /** Call before reading events that are to be added: what was redacted meanwhile stays out. */
  reading(): (events: Iterable<StoredEvent>) => void {
    const before = this.#redactions;
    return (events) => {
      if (this.#redactions === before) for (const event of events) this.add(event);
    };
  }

  redacted(eventId: EventId): void {
    this.#redactions++;
    this.#events.delete(eventId);
  }
}
