import * as api from "@croft/api";
import { type HandlerArgs, jsonText, type Requester, type Route, route } from "@croft/http";
import { invalidParam } from "@croft/protocol";
import { readEventContext } from "./history/event-context.ts";
import type { HistoryDeps } from "./history/history-deps.ts";
import { listMessages } from "./history/list-messages.ts";
import { type ListRelationsDeps, listRelations } from "./history/list-relations.ts";
import { readRoomEvent } from "./history/room-event.ts";
import { type SetFullyReadDeps, setFullyRead } from "./read-markers/set-fully-read.ts";
import { setReadMarkers } from "./read-markers/set-read-markers.ts";
import { type SendReceiptDeps, sendReceipt } from "./receipts/send-receipt.ts";
import { type SetTypingDeps, setTyping } from "./typing/set-typing.ts";

export type RoomReadsDeps = HistoryDeps & ListRelationsDeps & SendReceiptDeps & SetFullyReadDeps & SetTypingDeps;

/** What is read of a room, and how far it was read. */
export const roomReadsRoutes = (deps: RoomReadsDeps): Route[] => [
  route(api.getRoomEvents, async ({ requester, params, query: { dir, ...query } }) =>
    jsonText(await listMessages(deps, { ...asker(requester), ...params, ...query, direction: dir })),
  ),
  route(api.getEventContext, async ({ requester, params, query }) =>
    jsonText(await readEventContext(deps, { ...asker(requester), ...params, ...query })),
  ),
  route(api.getOneRoomEvent, async ({ requester, params }) =>
    jsonText(await readRoomEvent(deps, { ...asker(requester), ...params })),
  ),
  route(api.getRelatingEvents, (args) => relations(deps, args)),
  route(api.getRelatingEventsWithRelType, (args) => relations(deps, args)),
  route(api.getRelatingEventsWithRelTypeAndEventType, (args) => relations(deps, args)),
  route(api.postReceipt, async ({ requester: { userId }, params: { roomId, receiptType, eventId }, body }) => {
    const { thread_id: threadId } = body;
    if (receiptType !== "m.fully_read")
      await sendReceipt(deps, { userId, roomId, eventId, type: receiptType, threadId });
    else if (threadId !== undefined) throw invalidParam("m.fully_read takes no thread_id");
    else await setFullyRead(deps, { userId, roomId, eventId });
    return {};
  }),
  route(api.setReadMarker, async ({ requester: { userId }, params: { roomId }, body }) => {
    await setReadMarkers(deps, { userId, roomId, markers: body });
    return {};
  }),
  route(api.setTyping, async ({ requester, params: { roomId, userId }, body }) => {
    const { typing: isTyping, timeout } = body;
    await setTyping(deps, { requester: requester.userId, userId, roomId, isTyping, timeout });
    return {};
  }),
];

type RelationsArgs = Pick<
  HandlerArgs<
    | typeof api.getRelatingEvents
    | typeof api.getRelatingEventsWithRelType
    | typeof api.getRelatingEventsWithRelTypeAndEventType
  >,
  "requester" | "params" | "query"
>;

const relations = async (deps: RoomReadsDeps, { requester, params, query }: RelationsArgs) =>
  jsonText(await listRelations(deps, { ...asker(requester), ...params, ...query }));

const asker = ({ userId, deviceId }: Requester) => ({ userId, deviceId });
