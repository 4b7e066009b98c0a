import type { EventId, Pdu } from "@croft/protocol";

/** What an event's `m.relates_to` says. https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events */
export type Relation = { readonly eventId: EventId; readonly relType: string };

/** Undefined too for what is malformed, and for state events, which relate to nothing. */
export function relationOf({
  content,
  state_key,
}: Pick<Pdu, "content"> & { readonly state_key?: string }): Relation | undefined {
  const relation = content["m.relates_to"];
  if (relation === undefined || state_key !== undefined) return undefined;
  if (typeof relation !== "object" || relation === null || !("rel_type" in relation)) return undefined;
  const { rel_type: relType, event_id: eventId } = relation;
  if (typeof relType !== "string" || typeof eventId !== "string" || !eventId.startsWith("$")) return undefined;
  return { eventId: eventId as EventId, relType };
}
