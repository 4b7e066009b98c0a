import type { Pdu } from "../events/pdu.ts";
import type { EventId, ServerName } from "../identifiers/types.ts";
import type { JsonObject } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";

/** The state an event is judged by: that of its auth events, that before it, or the current one. */
export type AuthState = (type: string, stateKey: string) => Pdu | undefined;

/** What the rules that depend on signatures need to know. Keys are fetched before; nothing here waits. */
export type SignatureChecks = {
  /** Whether the event bears a valid signature of this server. State plays no part in it: one check on receipt is enough. */
  readonly signedByServer: (event: Pdu, server: ServerName) => boolean;
  /** Whether any signature of this signed JSON was made by any of these public keys (unpadded base64). */
  readonly signedByKey: (signed: JsonObject, publicKeys: readonly string[]) => boolean;
};

/** An event to judge. It and the events of the state have the format of their version; contents may hold anything. */
export type AuthQuestion = {
  readonly version: RoomVersion;
  readonly event: Pdu;
  /**
   * Must answer the create event also where that is nobody's auth event (from version 12, where `room_id` names it),
   * and there only one that was not rejected.
   */
  readonly authState: AuthState;
  /** The id of the create event that `authState` answers; undefined when the event in question is that one. */
  readonly createEventId: EventId | undefined;
  readonly signatures: SignatureChecks;
};
