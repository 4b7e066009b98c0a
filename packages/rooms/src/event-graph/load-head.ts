import {
  type EventId,
  type RoomId,
  referenceHash,
  roomVersion,
  type Sha256,
  stateMapKey,
  unpaddedBase64,
} from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { parsePdu } from "./parse-pdu.ts";
import { type Extremity, type KnownState, levelsOf, POWER_LEVELS_KEY, type RoomHead } from "./room-head.ts";

export type LoadHeadDeps = {
  readonly storage: Pick<Storage<"rooms" | "events" | "roomState" | "memberships">, "read">;
  readonly sha256: Sha256;
};

const CREATE_KEY = stateMapKey("m.room.create", "");

/** The state that rules ask for again and again; the rest is loaded when it is asked for. */
const KEPT_KEYS = [
  CREATE_KEY,
  POWER_LEVELS_KEY,
  stateMapKey("m.room.join_rules", ""),
  stateMapKey("m.room.history_visibility", ""),
];

/** A room's head as the last commit has it; undefined for a room this server does not know. */
export async function loadHead({ storage, sha256 }: LoadHeadDeps, roomId: RoomId): Promise<RoomHead | undefined> {
  const { rooms, events, roomState, memberships } = storage.read;
  const [room, head, counts] = await Promise.all([rooms.byId(roomId), rooms.head(roomId), memberships.counts(roomId)]);
  if (room === undefined || head === undefined) return undefined;
  const version = roomVersion(room.version);
  if (version === undefined) throw new Error(`room ${roomId} has the unknown version ${room.version}`);

  const state = new Map(await roomState.map(head.stateGroup));
  const known = new Map<string, KnownState>();
  const keyById = new Map<EventId, string>();
  for (const key of KEPT_KEYS) {
    const eventId = state.get(key);
    if (eventId !== undefined) keyById.set(eventId, key);
  }
  for (const stored of await events.byIds([...keyById.keys()])) {
    const key = keyById.get(stored.eventId);
    if (key !== undefined) known.set(key, { eventId: stored.eventId, pdu: parsePdu(stored.json, version) });
  }
  const create = known.get(CREATE_KEY);
  if (create === undefined) throw new Error(`room ${roomId} has no create event in its state`);

  let extremities: readonly Extremity[] = head.forwardExtremities;
  if (version.eventFormat === "v1") {
    const stored = await events.byIds(extremities.map(({ eventId }) => eventId));
    extremities = stored.map(({ eventId, depth, json }) => ({
      eventId,
      depth,
      referenceHash: unpaddedBase64(referenceHash(parsePdu(json, version), version, sha256)),
    }));
  }
  return {
    roomId,
    version,
    create: create.pdu,
    createEventId: create.eventId,
    partialState: room.partialState,
    extremities,
    stateGroup: head.stateGroup,
    state,
    known,
    levels: levelsOf({ version, create: create.pdu, known }),
    joined: counts.joined,
  };
}
