import {
  type EventId,
  type Pdu,
  type PowerLevels,
  powerLevelsOf,
  type RoomId,
  type RoomVersion,
  stateMapKey,
} from "@croft/protocol";
import type { Position, StateGroup } from "@croft/storage";
import { parsePdu } from "./parse-pdu.ts";
import type { StagedRedaction } from "./staged-event.ts";

/** An event nothing follows yet. */
export type Extremity = {
  readonly eventId: EventId;
  readonly depth: number;
  /** In room versions 1 and 2, whose events name those before them together with their hashes. */
  readonly referenceHash?: string | undefined;
};

/** An event of the current state that is in memory. */
export type KnownState = {
  readonly eventId: EventId;
  readonly pdu: Pdu;
  /** For a join made while the head is in memory: the start of the stay, which may not be readable from the store yet. */
  readonly joinedSince?: Position | number | undefined;
};

/** Where a room's graph ends, with every write that was handed over. Only `event-graph/` changes it, under the room's lock. */
export type RoomHead = {
  readonly roomId: RoomId;
  readonly version: RoomVersion;
  readonly create: Pdu;
  readonly createEventId: EventId;
  readonly partialState: boolean;
  extremities: readonly Extremity[];
  stateGroup: StateGroup;
  /** The current state; keys are `stateMapKey`'s. */
  readonly state: Map<string, EventId>;
  /** Those of its events that rules ask for, members as they are asked for. */
  readonly known: Map<string, KnownState>;
  levels: PowerLevels;
  /** How many members are joined. */
  joined: number;
};

/** What one append does to a head. */
export type HeadChange = {
  readonly extremities: readonly Extremity[];
  readonly stateGroup: StateGroup;
  /** By state map key; undefined: the key has no value any more. */
  readonly state: ReadonlyMap<string, KnownState | undefined>;
  /** What was redacted: until the commit the store has it as it was. */
  readonly redacted: readonly StagedRedaction[];
  readonly joined: number;
};

export const POWER_LEVELS_KEY = stateMapKey("m.room.power_levels", "");

/** What the head keeps beside its parts: rough, but it grows as memory does. */
const BYTES_PER_HEAD = 2_000;
const BYTES_PER_STATE_ENTRY = 250;
const BYTES_PER_KNOWN_STATE = 2_500;

/** About how much memory a head holds. */
export const bytesOf = (head: RoomHead): number =>
  BYTES_PER_HEAD + head.state.size * BYTES_PER_STATE_ENTRY + head.known.size * BYTES_PER_KNOWN_STATE;

export function advance(head: RoomHead, change: HeadChange): void {
  head.extremities = change.extremities;
  head.stateGroup = change.stateGroup;
  head.joined = change.joined;
  for (const [key, known] of change.state) {
    if (known === undefined) {
      head.state.delete(key);
      head.known.delete(key);
    } else {
      head.state.set(key, known.eventId);
      head.known.set(key, known);
    }
  }
  for (const redaction of change.redacted) redactKnown(head, redaction);
  if (change.state.has(POWER_LEVELS_KEY)) head.levels = levelsOf(head);
}

function redactKnown(head: RoomHead, { eventId, json }: StagedRedaction): void {
  const pdu = parsePdu(json, head.version);
  const key = stateMapKey(pdu.type, pdu.state_key ?? "");
  if (head.state.get(key) !== eventId) return;
  head.known.set(key, { ...head.known.get(key), eventId, pdu });
  if (key === POWER_LEVELS_KEY) head.levels = levelsOf(head);
}

export const levelsOf = ({ version, create, known }: Pick<RoomHead, "version" | "create" | "known">): PowerLevels =>
  powerLevelsOf({ version, create, powerLevels: known.get(POWER_LEVELS_KEY)?.pdu });
