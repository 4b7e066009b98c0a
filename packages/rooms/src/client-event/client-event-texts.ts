import { type EventId, roomVersion, stateMapKey } from "@croft/protocol";
import type { Storage, StoredEvent } from "@croft/storage";
import { membershipOf } from "../visibility/membership-of.ts";
import type { StateAtEvents } from "../visibility/state-at-events.ts";
import { type Reader, visibleEvents } from "../visibility/visible-events.ts";
import { type ClientEventForm, clientEventText } from "./client-event-text.ts";
import { contentText } from "./event-content.ts";

export type ClientEventTextsDeps = {
  readonly read: Storage<"rooms" | "events" | "roomState">["read"];
  readonly stateAt: StateAtEvents;
};

export type ClientEventTextsArgs = {
  /** Of one room, and visible to the reader. */
  readonly events: readonly StoredEvent[];
  readonly reader: Reader & { readonly deviceId?: string | undefined };
  readonly withRoomId: boolean;
  /** Milliseconds since the epoch, for `age`. */
  readonly now: number;
};

/** Events as one reader gets them, in the order given: what `unsigned` needs is looked up for all of them at once. */
export async function clientEventTexts(deps: ClientEventTextsDeps, args: ClientEventTextsArgs): Promise<string[]> {
  const { events, reader, withRoomId, now } = args;
  if (events.length === 0) return [];
  const [members, besides, redactsInContent] = await Promise.all([
    deps.stateAt.value(
      stateMapKey("m.room.member", reader.userId),
      events.map((event) => event.stateAfter),
    ),
    loadBesides(deps, events, reader),
    redactsStandInContent(deps, events),
  ]);
  const form: ClientEventForm = { withRoomId, redactsInContent };
  return events.map((event) => {
    const redaction = event.redactedBy === undefined ? undefined : besides.redactions.get(event.redactedBy);
    const replacesState = besides.replaced.get(event.eventId);
    const previous = replacesState === undefined ? undefined : besides.visibleReplaced.get(replacesState);
    return clientEventText(event, form, {
      age: now - event.originServerTs,
      membership: membershipOf(members.get(event.stateAfter)),
      transactionId: sentByThisDevice(event, reader) ? event.sentBy?.txnId : undefined,
      replacesState,
      prevContent: previous === undefined ? undefined : contentText(previous),
      prevSender: previous?.sender,
      redactedBecause:
        redaction === undefined
          ? undefined
          : clientEventText(
              redaction,
              { withRoomId: false, redactsInContent },
              { age: now - redaction.originServerTs },
            ),
    });
  });
}

const sentByThisDevice = (event: StoredEvent, reader: ClientEventTextsArgs["reader"]): boolean =>
  event.sentBy !== undefined && event.sentBy.deviceId === reader.deviceId && event.sender === reader.userId;

type Besides = {
  /** Ids of state events by the event that replaced them. */
  readonly replaced: ReadonlyMap<EventId, EventId>;
  /** Those of them the reader may see. */
  readonly visibleReplaced: ReadonlyMap<EventId, StoredEvent>;
  readonly redactions: ReadonlyMap<EventId, StoredEvent>;
};

const NOTHING_BESIDES: Besides = { replaced: new Map(), visibleReplaced: new Map(), redactions: new Map() };

async function loadBesides(
  { read, stateAt }: ClientEventTextsDeps,
  events: readonly StoredEvent[],
  reader: Reader,
): Promise<Besides> {
  const stateEvents = events.filter((event) => event.stateKey !== undefined);
  const redactionIds = events.map((event) => event.redactedBy).filter((id) => id !== undefined);
  if (stateEvents.length === 0 && redactionIds.length === 0) return NOTHING_BESIDES;

  const replaced = new Map<EventId, EventId>();
  await Promise.all(
    stateEvents.map(async (event) => {
      const previous = await read.roomState.get(event.stateBefore, stateMapKey(event.type, event.stateKey ?? ""));
      if (previous !== undefined) replaced.set(event.eventId, previous);
    }),
  );
  const loaded = await read.events.byIds([...new Set([...replaced.values(), ...redactionIds])]);
  const byId = new Map(loaded.map((event) => [event.eventId, event]));
  const replacedEvents = [...new Set(replaced.values())].flatMap((id) => byId.get(id) ?? []);
  const visible = await visibleEvents({ stateAt }, { events: replacedEvents, reader });
  return { replaced, visibleReplaced: new Map(visible.map((event) => [event.eventId, event])), redactions: byId };
}

/** Asked of the room only when there is a redaction to print. */
async function redactsStandInContent({ read }: ClientEventTextsDeps, events: readonly StoredEvent[]): Promise<boolean> {
  const redaction = events.find((event) => event.type === "m.room.redaction" || event.redactedBy !== undefined);
  if (redaction === undefined) return false;
  const room = await read.rooms.byId(redaction.roomId);
  return room !== undefined && roomVersion(room.version)?.updatedRedaction === true;
}
