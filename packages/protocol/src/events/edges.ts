import type { EventId } from "../identifiers/types.ts";
import type { JsonValue } from "../json.ts";
import type { Pdu } from "./pdu.ts";

/**
 * The events before this one, in their order, whichever way the room version writes them (ids, or pairs of an id and
 * hashes). Entries that are neither are left out: `checkPdu` refuses events that hold such.
 */
export const prevEventIds = (pdu: Pick<Pdu, "prev_events">): EventId[] => edgeIds(pdu.prev_events);

/** The events that permit this one; as {@link prevEventIds}. */
export const authEventIds = (pdu: Pick<Pdu, "auth_events">): EventId[] => edgeIds(pdu.auth_events);

function edgeIds(edges: readonly JsonValue[]): EventId[] {
  const ids: EventId[] = [];
  for (const edge of edges) {
    const id = edgeId(edge);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** The id of one edge; undefined when it is neither form. */
export function edgeId(edge: JsonValue): EventId | undefined {
  const id: unknown = Array.isArray(edge) ? edge[0] : edge;
  return typeof id === "string" && id.startsWith("$") ? (id as EventId) : undefined;
}
