import { compareCodePoints } from "../canonical-json/canonical-json.ts";
import { numberOf } from "../canonical-json/raw-number.ts";
import type { EventId } from "../identifiers/types.ts";
import type { EventSource } from "./event-source.ts";

/**
 * Sorts events by the mainline ordering based on a power levels event (none when the state resolved so far has none).
 * https://spec.matrix.org/v1.19/rooms/v2/#definitions
 */
export function mainlineOrder(
  source: EventSource,
  powerLevels: EventId | undefined,
  eventIds: Iterable<EventId>,
): readonly EventId[] {
  // The mainline of P, each event with its index; what leads to none of them is at infinity.
  const positions = new Map<EventId, number>();
  for (let p = powerLevels; p !== undefined && !positions.has(p); p = citedPowerLevels(source, p)) {
    positions.set(p, positions.size);
  }

  return [...eventIds]
    .map((eventId) => ({
      eventId,
      position: positionOf(source, positions, citedPowerLevels(source, eventId)),
      ts: numberOf(source.event(eventId).origin_server_ts) ?? 0,
    }))
    .sort((x, y) => {
      // 1. The mainline position of x is greater than the mainline position of y; or
      if (x.position !== y.position) return x.position > y.position ? -1 : 1;
      // 2. the positions are the same, but x's origin_server_ts is less than y's; or
      if (x.ts !== y.ts) return x.ts - y.ts;
      // 3. both are the same, but x's event_id is less than y's.
      return compareCodePoints(x.eventId, y.eventId);
    })
    .map(({ eventId }) => eventId);
}

/** The index of the first mainline event from here on; remembered for every power levels event on the way. */
function positionOf(source: EventSource, positions: Map<EventId, number>, from: EventId | undefined): number {
  const way: EventId[] = [];
  let eventId = from;
  for (; eventId !== undefined && !positions.has(eventId); eventId = citedPowerLevels(source, eventId)) {
    way.push(eventId);
    // Until it is known, and for good where the ids of versions 1 and 2, which are no hashes, lead in a circle.
    positions.set(eventId, Number.POSITIVE_INFINITY);
  }
  const position = eventId === undefined ? Number.POSITIVE_INFINITY : positions.get(eventId)!;
  for (const passed of way) positions.set(passed, position);
  return position;
}

/** The power levels event among the auth events of an event. */
const citedPowerLevels = (source: EventSource, eventId: EventId): EventId | undefined =>
  source.authEvents(eventId).find((authEventId) => {
    const authEvent = source.event(authEventId);
    return authEvent.type === "m.room.power_levels" && authEvent.state_key === "";
  });
