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
  const { events, reader, now } = args;
  if (events.length === 0) return [];
  const [members, replaced, redactions] = await Promise.all([
    deps.stateAt.value(
      stateMapKey("m.room.member", reader.userId),
      events.map((event) => event.stateAfter),
    ),
    loadReplaced(deps, events, reader),
    loadRedactions(deps, events, (found) => visibleEvents(deps, { events: found, reader })),
  ]);
  const form: ClientEventForm = { ...args, redactsInContent: redactions.standInContent };
  return events.map((event) => {
    const replacesState = replaced.ids.get(event.eventId);
    const previous = replacesState === undefined ? undefined : replaced.visible.get(replacesState);
    return clientEventText(event, form, {
      age: now - event.originServerTs,
      membership: membershipOf(members.get(event.stateAfter)),
      transactionId: sentByThisDevice(event, reader) ? event.sentBy?.txnId : undefined,
      replacesState,
      prevContent: previous === undefined ? undefined : contentText(previous),
      prevSender: previous?.sender,
      redactedBecause: redactedBecause(event, redactions, now),
    });
  });
}

/**
 * State events as every reader gets them: without what would have to be looked up in past states for each of them
 * (membership, what was replaced, why it was redacted). For the many of a whole room's state.
 */
export async function stateEventTexts(
  deps: Pick<ClientEventTextsDeps, "read">,
  args: Omit<ClientEventTextsArgs, "reader">,
): Promise<string[]> {
  const { events, now } = args;
  const redactions = await loadRedactions(deps, events, async () => []);
  const form: ClientEventForm = { ...args, redactsInContent: redactions.standInContent };
  return events.map((event) =>
    clientEventText(event, form, {
      age: now - event.originServerTs,
      redactedBecause: redactedBecause(event, redactions, now),
    }),
  );
}

const sentByThisDevice = (event: StoredEvent, reader: ClientEventTextsArgs["reader"]): boolean =>
  event.sentBy !== undefined && event.sentBy.deviceId === reader.deviceId && event.sender === reader.userId;

type Replaced = {
  /** Ids of state events by the event that replaced them. */
  readonly ids: ReadonlyMap<EventId, EventId>;
  /** Those of them the reader may see. */
  readonly visible: ReadonlyMap<EventId, StoredEvent>;
};

const NOTHING_REPLACED: Replaced = { ids: new Map(), visible: new Map() };

async function loadReplaced(
  { read, stateAt }: ClientEventTextsDeps,
  events: readonly StoredEvent[],
  reader: Reader,
): Promise<Replaced> {
  const stateEvents = events.filter((event) => event.stateKey !== undefined);
  if (stateEvents.length === 0) return NOTHING_REPLACED;
  const ids = new Map<EventId, EventId>();
  await Promise.all(
    stateEvents.map(async (event) => {
      const previous = await read.roomState.get(event.stateBefore, stateMapKey(event.type, event.stateKey ?? ""));
      if (previous !== undefined) ids.set(event.eventId, previous);
    }),
  );
  const replaced = await read.events.byIds([...new Set(ids.values())]);
  const visible = await visibleEvents({ stateAt }, { events: replaced, reader });
  return { ids, visible: new Map(visible.map((event) => [event.eventId, event])) };
}

type Redactions = {
  /** With their content only where the reader may see that. */
  readonly byId: ReadonlyMap<EventId, StoredEvent>;
  /** Where the room's version has a redaction's target. */
  readonly standInContent: boolean;
};

const NO_REDACTIONS: Redactions = { byId: new Map(), standInContent: false };

/** Those that hit `events`, and how those among them are read. */
async function loadRedactions(
  { read }: Pick<ClientEventTextsDeps, "read">,
  events: readonly StoredEvent[],
  visibleAmong: (redactions: readonly StoredEvent[]) => Promise<readonly StoredEvent[]>,
): Promise<Redactions> {
  const concerned = events.find((event) => event.type === "m.room.redaction" || event.redactedBy !== undefined);
  if (concerned === undefined) return NO_REDACTIONS;
  const ids = new Set(events.map((event) => event.redactedBy).filter((id) => id !== undefined));
  const [room, redactions] = await Promise.all([read.rooms.byId(concerned.roomId), read.events.byIds([...ids])]);
  const visible = new Set(await visibleAmong(redactions));
  return {
    byId: new Map(redactions.map((event) => [event.eventId, visible.has(event) ? event : withoutContent(event)])),
    standInContent: room !== undefined && roomVersion(room.version)?.updatedRedaction === true,
  };
}

const withoutContent = (event: StoredEvent): StoredEvent => ({
  ...event,
  json: '{"content":{}}',
  contentStart: '{"content":'.length,
  contentEnd: '{"content":{}'.length,
});

function redactedBecause(event: StoredEvent, redactions: Redactions, now: number): string | undefined {
  const redaction = event.redactedBy === undefined ? undefined : redactions.byId.get(event.redactedBy);
  if (redaction === undefined) return undefined;
  const form = { withRoomId: false, redactsInContent: redactions.standInContent };
  return clientEventText(redaction, form, { age: now - redaction.originServerTs });
}
