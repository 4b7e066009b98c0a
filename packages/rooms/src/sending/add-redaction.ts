import { type EventId, forbidden, type JsonObject, missingParam, notFound, type UserId } from "@croft/protocol";
import type { OpenRoom } from "../event-graph/open-room.ts";
import type { EventDraft } from "../event-graph/staged-event.ts";

/**
 * Adds a redaction that names its target in the content, as `/send` has it in all room versions. Users may redact their
 * own events, those with the redact level everyone's; without it, an event this server does not know is not found.
 * https://spec.matrix.org/v1.19/client-server-api/#redactions
 */
export async function addRedaction(
  room: OpenRoom,
  { sender, content, sentBy }: { sender: UserId; content: JsonObject; sentBy: EventDraft["sentBy"] },
): Promise<EventId> {
  const { redacts: target, ...rest } = content;
  if (typeof target !== "string" || !target.startsWith("$")) throw missingParam("redacts is missing in the body");
  const redacts = target as EventId;
  const event = await room.event(redacts);
  if (event?.type === "m.room.create") throw forbidden("A create event cannot be redacted");
  if (!(room.levels.userLevel(sender) >= room.levels.actionLevel("redact"))) {
    if ((await room.membership(sender)) !== "join") throw forbidden("You are not in this room");
    if (event === undefined) throw notFound("There is no such event in this room");
    if (event.sender !== sender) throw forbidden("You may redact only your own events here");
  }
  return (await room.add({ type: "m.room.redaction", sender, content: rest, redacts, sentBy })).eventId;
}
