import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";
import type { OpenRoom } from "../event-graph/open-room.ts";
import { addRedaction } from "./add-redaction.ts";
import { checkRelation } from "./check-relation.ts";
import type { EventContent } from "./event-content.ts";
import { addOnce, type SentTransactions, type Transaction } from "./sent-transactions.ts";

export type SendEventDeps = {
  readonly graph: EventGraph;
  readonly clock: Clock;
  readonly storage: Pick<Storage<"events" | "relations">, "read" | "position">;
  readonly transactions: SentTransactions;
};

export type SendArgs = {
  readonly requester: UserId;
  readonly roomId: RoomId;
  readonly transaction?: Transaction | undefined;
};

/** Sends a message event; a redaction too, whose target stands in the content. */
export async function sendEvent(
  deps: SendEventDeps,
  { type, content, ...args }: SendArgs & { readonly type: string; readonly content: EventContent },
): Promise<EventId> {
  return sendOnce(deps, args, async (room) => {
    const { requester: sender, transaction: sentBy } = args;
    const said = content(room.version);
    if (type === "m.room.redaction") return addRedaction(room, { sender, content: said, sentBy });
    await checkRelation(deps, room, { type, sender, content: said });
    return (await room.add({ type, sender, content: said, sentBy })).eventId;
  });
}

/** Adds one event to a room, once for each transaction. */
export function sendOnce(
  { graph, clock, storage, transactions }: SendEventDeps,
  { roomId, transaction }: SendArgs,
  add: (room: OpenRoom) => Promise<EventId>,
): Promise<EventId> {
  const sentBefore = (asked: Transaction) => storage.read.events.byTransaction(asked);
  const send = () =>
    graph.append(roomId, (room) => addOnce(room, { transaction, now: clock.now(), sentBefore, add: () => add(room) }));
  return transaction === undefined ? send() : transactions.once(transaction, send);
}
