import {
  authEventTypes,
  type DraftPdu,
  type EventId,
  inCanonicalOrder,
  type JsonValue,
  nextDepth,
  type Pdu,
  type RoomId,
  type RoomVersion,
  referenceHash,
  type ServerName,
  type Sha256,
  type SigningKey,
  signEvent,
  stateMapKey,
  unpaddedBase64,
} from "@croft/protocol";
import { type Clock, opaqueId, type Random } from "@croft/runtime";
import type { Extremity, KnownState } from "./room-head.ts";
import type { EventDraft } from "./staged-event.ts";

export type BuildEventDeps = {
  readonly clock: Clock;
  readonly random: Random;
  readonly serverName: ServerName;
  readonly signingKey: SigningKey;
  readonly sha256: Sha256;
};

/** Bytes of randomness in the id of an event of room versions 1 and 2. */
const EVENT_ID_BYTES = 18;

/** Makes a draft an event: hashed, signed, with its id. What canonical JSON cannot say is refused as `M_BAD_JSON`. */
export function buildEvent(
  deps: BuildEventDeps,
  {
    draft,
    roomId,
    version,
    prevEvents,
    authEvents,
    originServerTs = deps.clock.now(),
  }: {
    draft: EventDraft;
    /** Undefined for a create event that makes its room's id. */
    roomId: RoomId | undefined;
    version: RoomVersion;
    prevEvents: readonly Extremity[];
    authEvents: readonly KnownState[];
    originServerTs?: number;
  },
): { pdu: Pdu; eventId: EventId } {
  const hasOwnId = version.eventFormat === "v1";
  const redactsInContent = draft.redacts !== undefined && version.updatedRedaction;
  // Keys in canonical order: what is hashed, signed and stored is then printed without sorting.
  const pdu: DraftPdu = {
    auth_events: hasOwnId ? authEvents.map((event) => hashedEdge(deps, event, version)) : authEvents.map(idOf),
    content: inCanonicalOrder(redactsInContent ? { ...draft.content, redacts: draft.redacts } : draft.content),
    depth: nextDepth(prevEvents, version),
    ...(hasOwnId ? { event_id: `$${opaqueId(deps.random, EVENT_ID_BYTES)}:${deps.serverName}` as const } : undefined),
    hashes: {},
    origin_server_ts: originServerTs,
    prev_events: hasOwnId ? prevEvents.map(hashedExtremity) : prevEvents.map(idOf),
    ...(draft.redacts === undefined || redactsInContent ? undefined : { redacts: draft.redacts }),
    ...(roomId === undefined ? undefined : { room_id: roomId }),
    sender: draft.sender,
    signatures: {},
    ...(draft.stateKey === undefined ? undefined : { state_key: draft.stateKey }),
    type: draft.type,
  };
  return signEvent(pdu, version, { sha256: deps.sha256, serverName: deps.serverName, key: deps.signingKey });
}

/** The keys of the state that a draft must cite, as far as the room has it. */
export function authEventKeys(draft: EventDraft, version: RoomVersion): string[] {
  const { type, sender, content, stateKey } = draft;
  const event = stateKey === undefined ? { type, sender, content } : { type, sender, content, state_key: stateKey };
  return authEventTypes(event, version).map((pair) => stateMapKey(pair[0], pair[1]));
}

const idOf = ({ eventId }: { readonly eventId: EventId }): EventId => eventId;

const hashedEdge = ({ sha256 }: BuildEventDeps, { eventId, pdu }: KnownState, version: RoomVersion): JsonValue => [
  eventId,
  { sha256: unpaddedBase64(referenceHash(pdu, version, sha256)) },
];

const hashedExtremity = ({ eventId, referenceHash: sha256 }: Extremity): JsonValue => [
  eventId,
  sha256 === undefined ? {} : { sha256 },
];
