import type { EventId, JsonObject, RoomId, UserId } from "@croft/protocol";
import type { EventReader, Storage, StoredEvent } from "@croft/storage";
import { receiptTarget } from "../receipts/receipt-target.ts";

export type SetFullyReadDeps = { readonly storage: Storage<"events" | "memberships" | "accountData"> };

const FULLY_READ = "m.fully_read";

/** Moves a user's fully read marker of a room forward. https://spec.matrix.org/v1.19/client-server-api/#mfully_read */
export async function setFullyRead(
  { storage }: SetFullyReadDeps,
  args: { readonly userId: UserId; readonly roomId: RoomId; readonly eventId: EventId },
): Promise<void> {
  const event = await receiptTarget(storage.read, args);
  const key = { userId: args.userId, roomId: args.roomId, type: FULLY_READ };
  await storage.write(async (tx) => {
    const standing = await tx.accountData.get(key);
    if (standing !== undefined && !(await isBehind(tx.events, standing.content, event))) return;
    tx.accountData.replace(key, JSON.stringify({ event_id: event.eventId }), standing?.position);
  });
}

/** A marker at an event that is not known any more is behind every other. */
async function isBehind(events: EventReader, content: string, event: StoredEvent): Promise<boolean> {
  const { event_id: eventId } = JSON.parse(content) as JsonObject;
  const marked = typeof eventId === "string" ? await events.byId(eventId as EventId) : undefined;
  return marked === undefined || marked.position < event.position;
}
