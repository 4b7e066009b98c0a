import type { EventId } from "@croft/protocol";
import { addRedaction } from "./add-redaction.ts";
import { type SendArgs, type SendEventDeps, sendOnce } from "./send-event.ts";

/** Redacts an event; its stored text is replaced in the same transaction. */
export function redactEvent(
  deps: SendEventDeps,
  { eventId, reason, ...args }: SendArgs & { readonly eventId: EventId; readonly reason?: string | undefined },
): Promise<EventId> {
  const content = { redacts: eventId, ...(reason === undefined ? undefined : { reason }) };
  return sendOnce(deps, args, (room) =>
    addRedaction(room, { sender: args.requester, content, sentBy: args.transaction }),
  );
}
