import { type EventId, MatrixError, notFound } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { clientEventTexts } from "../client-event/client-event-texts.ts";
import { type RoomAccess, type RoomAccessDeps, roomAccess } from "../visibility/room-access.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import { visibleEvents } from "../visibility/visible-events.ts";
import type { HistoryDeps, RoomQuestion } from "./history-deps.ts";

export type RoomEventArgs = RoomQuestion & { readonly eventId: EventId };

/** The event as JSON text. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomideventeventid */
export async function readRoomEvent(deps: HistoryDeps, args: RoomEventArgs): Promise<string> {
  const { read } = deps.storage;
  const stateAt = new StateAtEvents(read);
  const { access, event } = await visibleRoomEvent({ ...deps, stateAt }, args);
  const reader = { ...access, deviceId: args.deviceId };
  const now = deps.clock.now();
  const [text] = await clientEventTexts({ read, stateAt }, { events: [event], reader, withRoomId: true, now });
  return text ?? "";
}

/** An event of the room, if the user may see it; whatever the reason otherwise, it is `M_NOT_FOUND`. */
export async function visibleRoomEvent(
  { storage, stateAt }: RoomAccessDeps & { readonly stateAt: StateAtEvents },
  { roomId, eventId, userId }: Omit<RoomEventArgs, "deviceId">,
): Promise<{ access: RoomAccess; event: StoredEvent }> {
  const event = await storage.read.events.byId(eventId);
  if (event === undefined || event.roomId !== roomId) throw unseen();
  const access = await roomAccess({ storage }, { roomId, userId }).catch((error: unknown) => {
    throw error instanceof MatrixError && error.errcode === "M_FORBIDDEN" ? unseen() : error;
  });
  const [visible] = await visibleEvents({ stateAt }, { events: [event], reader: access });
  if (visible === undefined) throw unseen();
  return { access, event: visible };
}

const unseen = (): MatrixError => notFound("There is no such event, or you may not see it");
