import { isRawNumber } from "../canonical-json/raw-number.ts";
import { badJson } from "../errors.ts";
import { isEventId, isRoomId, isUserId } from "../identifiers/identifiers.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { maxDepthOf } from "./depth.ts";
import { edgeId } from "./edges.ts";
import type { Pdu } from "./pdu.ts";

/**
 * The first check on receipt: a value read by `readJson` with the version's strictness is an event of the version's
 * format, or `M_BAD_JSON`. Answers the very same value. Sizes, hashes, signatures and auth rules are checks of their own;
 * so are the numbers of edges, which bind some endpoints and not others.
 * https://spec.matrix.org/v1.19/server-server-api/#checks-performed-on-receipt-of-a-pdu
 */
export function checkPdu(value: JsonValue, version: RoomVersion): Pdu {
  if (!isJsonObject(value)) throw badJson("An event is an object");
  requireString(value, "type");
  requireString(value, "sender", isUserId);
  if (value["state_key"] !== undefined) requireString(value, "state_key");
  // From room version 12 the create event is the one event that names no room: its auth rule refuses one that does.
  const makesRoomId = version.roomIdIsCreateHash && value["type"] === "m.room.create" && value["state_key"] === "";
  if (!makesRoomId || value["room_id"] !== undefined) requireString(value, "room_id", isRoomId);
  if (version.eventFormat === "v1") requireString(value, "event_id", isEventId);
  for (const key of ["content", "hashes", "signatures"]) if (!isJsonObject(value[key])) throw wrong(key);
  if (value["unsigned"] !== undefined && !isJsonObject(value["unsigned"])) throw wrong("unsigned");
  for (const key of ["prev_events", "auth_events"]) checkEdges(key, value[key], version);
  if (!Number.isSafeInteger(value["origin_server_ts"])) throw wrong("origin_server_ts");
  if (!isDepth(value["depth"], version)) throw wrong("depth");
  return value as unknown as Pdu;
}

function requireString(event: JsonObject, key: string, isValid: (text: string) => boolean = () => true): void {
  const value = event[key];
  if (typeof value !== "string" || !isValid(value)) throw wrong(key);
}

/** Room versions 1 and 2 write an edge as a pair of an id and its hashes. */
function checkEdges(key: string, edges: JsonValue | undefined, version: RoomVersion): void {
  if (!Array.isArray(edges)) throw wrong(key);
  for (const edge of edges as readonly JsonValue[]) {
    const isPair = Array.isArray(edge);
    const id = edgeId(edge);
    if (isPair !== (version.eventFormat === "v1") || id === undefined || !isEventId(id)) throw wrong(key);
  }
}

function isDepth(depth: JsonValue | undefined, version: RoomVersion): boolean {
  if (typeof depth === "number") return Number.isSafeInteger(depth) && depth >= 0;
  return isRawNumber(depth) && /^[0-9]{1,19}$/.test(depth.rawJSON) && BigInt(depth.rawJSON) <= maxDepthOf(version);
}

const wrong = (key: string) => badJson(`The event's ${key} is missing or malformed`);
