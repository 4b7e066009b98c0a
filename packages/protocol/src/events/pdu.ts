import type { RawNumber } from "../canonical-json/raw-number.ts";
import type { EventId, RoomId, UserId } from "../identifiers/types.ts";
import type { JsonObject, JsonValue } from "../json.ts";

/**
 * An event as servers exchange, hash and sign it; wire spelling throughout. Only what the writing of rules needs is
 * typed: an event from elsewhere may hold anything anywhere, so rules look at the type of a value before they use it.
 * https://spec.matrix.org/v1.19/server-server-api/#pdus
 */
export type Pdu = {
  readonly type: string;
  readonly sender: UserId;
  readonly content: JsonObject;
  /** Absent only in the create event of room version 12 and later. */
  readonly room_id?: RoomId;
  readonly state_key?: string;
  readonly origin_server_ts: number;
  /** Raw only in room versions 1 to 5, whose depths may pass 2^53; `depthOf` reads both. */
  readonly depth: number | RawNumber;
  /** Event ids; in room versions 1 and 2 pairs of an id and its hashes. */
  readonly prev_events: readonly JsonValue[];
  readonly auth_events: readonly JsonValue[];
  readonly hashes: { readonly sha256: string };
  readonly signatures: { readonly [server: string]: { readonly [keyId: string]: string } };
  readonly unsigned?: JsonObject;
  /** In room versions 1 to 10; from 11 it stands in the content. */
  readonly redacts?: EventId;
  /** In room versions 1 and 2 only; from 3 the id is computed. */
  readonly event_id?: EventId;
};

/** An event before it is hashed and signed. */
export type DraftPdu = Omit<Pdu, "hashes" | "signatures"> & {
  readonly hashes?: JsonObject;
  readonly signatures?: Pdu["signatures"];
};
