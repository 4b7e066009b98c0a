import { invalidParam, type JsonValue } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { contentText } from "../client-event/event-content.ts";

export const MAIN_TIMELINE = "main";

/**
 * The thread a receipt is for: undefined for the whole room. Throws `M_INVALID_PARAM` unless it is one the event is in.
 * https://spec.matrix.org/v1.19/client-server-api/#threaded-read-receipts
 */
export function receiptThread(event: StoredEvent, threadId: unknown): string | undefined {
  if (threadId === undefined) return undefined;
  if (typeof threadId !== "string" || threadId === "") throw invalidParam("thread_id is not a non-empty string");
  if (!isInThread(event, threadId)) throw invalidParam("The event is not in the thread that thread_id names");
  return threadId;
}

/** Roots are in the main timeline, but a thread's receipt may stand at its root, or at what relates to the root. */
function isInThread(event: StoredEvent, threadId: string): boolean {
  if (threadId === MAIN_TIMELINE) return event.threadRoot === undefined;
  if (event.threadRoot !== undefined) return event.threadRoot === threadId;
  return event.eventId === threadId || relatesTo(event) === threadId;
}

function relatesTo(event: StoredEvent): JsonValue | undefined {
  const content: { readonly "m.relates_to"?: { readonly event_id?: JsonValue } | null } = JSON.parse(
    contentText(event),
  );
  return content["m.relates_to"]?.event_id;
}
