import { type EventId, type Pdu, powerLevelsOf, type RoomId, type RoomVersion } from "@croft/protocol";
import type { RoomHead } from "./room-head.ts";

/** The head of a room that is about to get its create event. */
export const newHead = ({
  roomId,
  version,
  create,
  createEventId,
}: {
  roomId: RoomId;
  version: RoomVersion;
  create: Pdu;
  createEventId: EventId;
}): RoomHead => ({
  roomId,
  version,
  create,
  createEventId,
  partialState: false,
  extremities: [],
  stateGroup: 0,
  state: new Map(),
  known: new Map(),
  levels: powerLevelsOf({ version, create, powerLevels: undefined }),
  joined: 0,
});
