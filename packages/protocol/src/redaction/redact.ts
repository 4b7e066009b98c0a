import type { Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";

/** In code point order, so that what is hashed and signed is printed without sorting. */
const KEPT_SINCE_V11 = [
  "auth_events",
  "content",
  "depth",
  "event_id",
  "hashes",
  "origin_server_ts",
  "prev_events",
  "room_id",
  "sender",
  "signatures",
  "state_key",
  "type",
] as const;
const KEPT_BEFORE_V11 = [...KEPT_SINCE_V11, "membership", "origin", "prev_state"].sort();

const POWER_LEVELS = ["ban", "events", "events_default", "kick", "redact", "state_default", "users", "users_default"];
const POWER_LEVELS_SINCE_V11 = [...POWER_LEVELS, "invite"].sort();

/**
 * The event without what its redaction takes: a new object holding the very values of the old one. Redacting twice is
 * redacting once. https://spec.matrix.org/v1.19/rooms/v12/#redactions
 */
export function redact(pdu: Pdu, version: RoomVersion): Pdu {
  const event: JsonObject = pdu;
  const redacted: { [key: string]: JsonValue } = {};
  for (const key of version.updatedRedaction ? KEPT_SINCE_V11 : KEPT_BEFORE_V11) {
    const value = event[key];
    if (value !== undefined) redacted[key] = key === "content" ? redactContent(pdu, version) : value;
  }
  return redacted as Pdu;
}

/**
 * The event a redaction takes: in the content since room version 11, beside it before. The other place is ignored, since
 * only this one is covered by the event's auth and hashes alike.
 * https://spec.matrix.org/v1.19/rooms/v11/#moving-the-redacts-property-of-mroomredaction-events-to-a-content-property
 */
export function redactsOf(pdu: Pdu, version: RoomVersion): EventId | undefined {
  const redacts: JsonValue | undefined = version.updatedRedaction ? pdu.content["redacts"] : pdu.redacts;
  return typeof redacts === "string" && redacts.startsWith("$") ? (redacts as EventId) : undefined;
}

function redactContent({ type, content }: Pdu, version: RoomVersion): JsonObject {
  if (!isJsonObject(content)) return {};
  switch (type) {
    case "m.room.member":
      return redactMember(content, version);
    case "m.room.create":
      return version.updatedRedaction ? content : keep(content, ["creator"]);
    case "m.room.join_rules":
      return keep(content, version.redactionKeepsJoinRuleAllow ? ["allow", "join_rule"] : ["join_rule"]);
    case "m.room.power_levels":
      return keep(content, version.updatedRedaction ? POWER_LEVELS_SINCE_V11 : POWER_LEVELS);
    case "m.room.history_visibility":
      return keep(content, ["history_visibility"]);
    case "m.room.aliases":
      return version.specialAliases ? keep(content, ["aliases"]) : {};
    case "m.room.redaction":
      return version.updatedRedaction ? keep(content, ["redacts"]) : {};
    default:
      return {};
  }
}

function redactMember(content: JsonObject, version: RoomVersion): JsonObject {
  const kept = keep(
    content,
    version.redactionKeepsJoinAuthorised ? ["join_authorised_via_users_server", "membership"] : ["membership"],
  );
  const invite = content["third_party_invite"];
  if (!version.updatedRedaction || !isJsonObject(invite)) return kept;
  // Of the invite only `signed` stays, and where it has none an empty object does: servers in the wild hash it so.
  return { ...kept, third_party_invite: keep(invite, ["signed"]) };
}

function keep(object: JsonObject, keys: readonly string[]): JsonObject {
  const kept: { [key: string]: JsonValue } = {};
  for (const key of keys) {
    const value = object[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}
