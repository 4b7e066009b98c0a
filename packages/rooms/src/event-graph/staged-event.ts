import type { DeviceId, EventId, JsonObject, Pdu, UserId } from "@croft/protocol";
import type { MembershipValue, Position } from "@croft/storage";
import type { Judgement } from "../ports.ts";
import type { ContentSpan } from "./content-span.ts";
import type { Relation } from "./relations.ts";

/** What a use case wants said; the rest of the event follows from where the graph ends. */
export type EventDraft = {
  readonly type: string;
  readonly sender: UserId;
  readonly content: JsonObject;
  readonly stateKey?: string | undefined;
  /** For `m.room.redaction`, whichever place the room version has for it. */
  readonly redacts?: EventId | undefined;
  readonly sentBy?: { readonly deviceId: DeviceId; readonly txnId: string } | undefined;
  /** Stripped state for the user an invite or a knock is about. */
  readonly strippedState?: readonly JsonObject[] | undefined;
  /** Has another server sign the event beside this one, which its id does not depend on. */
  readonly countersign?: ((built: { readonly pdu: Pdu; readonly eventId: EventId }) => Promise<Pdu>) | undefined;
};

/** An event that was built and allowed, and waits to be written with the rest of its append. */
export type StagedEvent = ContentSpan & {
  readonly eventId: EventId;
  readonly pdu: Pdu;
  readonly json: string;
  readonly depth: number;
  readonly change: StagedState | undefined;
  readonly redaction: StagedRedaction | undefined;
  readonly relation: Relation | undefined;
  readonly threadRoot: EventId | undefined;
  readonly sentBy: EventDraft["sentBy"];
  readonly judgement: Judgement;
};

/** What a state event does to the current state. */
export type StagedState = {
  readonly key: string;
  readonly previous: EventId | undefined;
  readonly membership: StagedMembership | undefined;
};

export type StagedMembership = {
  readonly userId: UserId;
  readonly membership: MembershipValue;
  /** Start of the stay that goes on; undefined for one that begins with this event, or is none. */
  readonly joinedSince: Position | number | undefined;
  readonly strippedState: string | undefined;
};

/** The copy that takes the place of a redacted event. */
export type StagedRedaction = ContentSpan & { readonly eventId: EventId; readonly json: string };
