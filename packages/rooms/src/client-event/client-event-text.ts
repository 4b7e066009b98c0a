import type { EventId, JsonObject, UserId } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { contentText } from "./event-content.ts";

/**
 * What the server says beside an event to one reader. Everything optional is left out of the text when undefined.
 * https://spec.matrix.org/v1.19/client-server-api/#definition-clienteventwithoutroomid_unsigneddata
 */
export type Unsigned = {
  /** Milliseconds. */
  readonly age: number;
  /** The reader's membership at the event, its own effect included. */
  readonly membership?: string | undefined;
  /** Only for the device that sent the event. */
  readonly transactionId?: string | undefined;
  readonly replacesState?: EventId | undefined;
  /** JSON text; only where the reader may see the replaced event. */
  readonly prevContent?: string | undefined;
  readonly prevSender?: UserId | undefined;
  /** The redaction as a client event, JSON text. */
  readonly redactedBecause?: string | undefined;
};

export type ClientEventForm = {
  /** `/sync` leaves the room id out, as it is said around the events. */
  readonly withRoomId: boolean;
  /** Where the room's version has a redaction's target: see `redactsInContent` of its room. */
  readonly redactsInContent: boolean;
};

/** The part that is the same for every reader, without the closing brace. One event goes to many syncs. */
const heads = new WeakMap<StoredEvent, string>();

/** An event in the format clients get, cut from the stored text: what was signed is never parsed and printed again. */
export function clientEventText(event: StoredEvent, form: ClientEventForm, unsigned: Unsigned): string {
  let head = heads.get(event);
  if (head === undefined) {
    head = headText(event, form.redactsInContent);
    heads.set(event, head);
  }
  const roomId = form.withRoomId ? `,"room_id":${JSON.stringify(event.roomId)}` : "";
  return `${head}${roomId},"unsigned":${unsignedText(unsigned)}}`;
}

/** https://spec.matrix.org/v1.19/client-server-api/#stripped-state */
export function strippedStateText(event: StoredEvent): string {
  const stateKey = JSON.stringify(event.stateKey ?? "");
  const sender = JSON.stringify(event.sender);
  return `{"content":${contentText(event)},"sender":${sender},"state_key":${stateKey},"type":${JSON.stringify(event.type)}}`;
}

function headText(event: StoredEvent, redactsInContent: boolean): string {
  const { content, redacts } =
    event.type === "m.room.redaction" ? redactionTexts(event, redactsInContent) : { content: contentText(event) };
  return (
    `{"content":${content},"event_id":${JSON.stringify(event.eventId)},"origin_server_ts":${event.originServerTs}` +
    (redacts === undefined ? "" : `,"redacts":${redacts}`) +
    `,"sender":${JSON.stringify(event.sender)}` +
    (event.stateKey === undefined ? "" : `,"state_key":${JSON.stringify(event.stateKey)}`) +
    `,"type":${JSON.stringify(event.type)}`
  );
}

/** A redaction names its target in one place on the wire and in both for clients, whatever the room's version. */
function redactionTexts(event: StoredEvent, redactsInContent: boolean): { content: string; redacts?: string } {
  const pdu = JSON.parse(event.json) as { redacts?: unknown; content: JsonObject };
  const target = redactsInContent ? pdu.content["redacts"] : pdu.redacts;
  if (typeof target !== "string") return { content: contentText(event) };
  const redacts = JSON.stringify(target);
  if (redactsInContent) return { content: contentText(event), redacts };
  return { content: JSON.stringify({ ...pdu.content, redacts: target }), redacts };
}

function unsignedText(unsigned: Unsigned): string {
  let text = `{"age":${unsigned.age}`;
  if (unsigned.membership !== undefined) text += `,"membership":${JSON.stringify(unsigned.membership)}`;
  if (unsigned.prevContent !== undefined) text += `,"prev_content":${unsigned.prevContent}`;
  if (unsigned.prevSender !== undefined) text += `,"prev_sender":${JSON.stringify(unsigned.prevSender)}`;
  if (unsigned.redactedBecause !== undefined) text += `,"redacted_because":${unsigned.redactedBecause}`;
  if (unsigned.replacesState !== undefined) text += `,"replaces_state":${JSON.stringify(unsigned.replacesState)}`;
  if (unsigned.transactionId !== undefined) text += `,"transaction_id":${JSON.stringify(unsigned.transactionId)}`;
  return `${text}}`;
}
