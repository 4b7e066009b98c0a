import { powerLevelsOf } from "../auth-rules/power-levels.ts";
import { compareCodePoints } from "../canonical-json/canonical-json.ts";
import { numberOf } from "../canonical-json/raw-number.ts";
import type { Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { createEventIdOf } from "./create-event-id.ts";
import type { EventSource } from "./event-source.ts";
import { PriorityQueue } from "./priority-queue.ts";

type Candidate = {
  readonly eventId: EventId;
  readonly power: number;
  readonly ts: number;
  /** How many auth events among the events to sort are not placed yet. */
  waitingFor: number;
};

/**
 * Sorts events from earliest to latest: auth events come before what cites them, and among the candidates left the
 * smallest goes first. https://spec.matrix.org/v1.19/rooms/v2/#definitions
 */
export function reverseTopologicalPowerOrder(
  version: RoomVersion,
  source: EventSource,
  eventIds: ReadonlySet<EventId>,
): readonly EventId[] {
  const candidates = new Map<EventId, Candidate>();
  const citedBy = new Map<EventId, Candidate[]>();
  const ready = new PriorityQueue(compare);
  for (const eventId of eventIds) {
    const authEvents = new Set(source.authEvents(eventId).filter((authEvent) => eventIds.has(authEvent)));
    const event = source.event(eventId);
    const candidate: Candidate = {
      eventId,
      power: senderPower(version, source, eventId, event),
      ts: numberOf(event.origin_server_ts) ?? 0,
      waitingFor: authEvents.size,
    };
    candidates.set(eventId, candidate);
    for (const authEvent of authEvents) {
      const citing = citedBy.get(authEvent);
      if (citing === undefined) citedBy.set(authEvent, [candidate]);
      else citing.push(candidate);
    }
    if (candidate.waitingFor === 0) ready.push(candidate);
  }

  const order: EventId[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    order.push(next.eventId);
    for (const citing of citedBy.get(next.eventId) ?? []) {
      citing.waitingFor -= 1;
      if (citing.waitingFor === 0) ready.push(citing);
    }
  }
  return order;
}

/** x < y if ... */
function compare(x: Candidate, y: Candidate): number {
  // 1. x's sender has greater power level than y's sender, when looking at their respective auth events; or
  if (x.power !== y.power) return x.power > y.power ? -1 : 1;
  // 2. the senders have the same power level, but x's origin_server_ts is less than y's; or
  if (x.ts !== y.ts) return x.ts - y.ts;
  // 3. both are the same, but x's event_id is less than y's.
  return compareCodePoints(x.eventId, y.eventId);
}

function senderPower(version: RoomVersion, source: EventSource, eventId: EventId, event: Pdu): number {
  let powerLevels: Pdu | undefined;
  for (const authEventId of source.authEvents(eventId)) {
    const authEvent = source.event(authEventId);
    if (authEvent.type === "m.room.power_levels" && authEvent.state_key === "") powerLevels = authEvent;
  }
  const createId = createEventIdOf(version, source, eventId, event);
  if (createId === undefined) return 0;
  const level = powerLevelsOf({ version, create: source.event(createId), powerLevels }).userLevel(event.sender);
  return Number.isNaN(level) ? 0 : level;
}
