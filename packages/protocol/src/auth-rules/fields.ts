import { isRawNumber } from "../canonical-json/raw-number.ts";
import type { Pdu } from "../events/pdu.ts";
import { isUserId } from "../identifiers/identifiers.ts";
import type { UserId } from "../identifiers/types.ts";
import type { JsonObject, JsonValue } from "../json.ts";

/*
 * Events come from anywhere, so a rule reads a field where it needs it and looks at its type there; what is missing or
 * of another type reads as undefined. Property names may be a stranger's ("toString" is a fine event type), hence hasOwn.
 */

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);

export const own = (object: JsonObject, name: string): JsonValue | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

export function stringIn(object: JsonObject, name: string): string | undefined {
  const value = own(object, name);
  return typeof value === "string" ? value : undefined;
}

export function objectIn(object: JsonObject, name: string): JsonObject | undefined {
  const value = own(object, name);
  return isObject(value) ? value : undefined;
}

/** The membership an `m.room.member` event gives; undefined for a user who never had one. */
export const membershipOf = (member: Pdu | undefined): string | undefined =>
  member === undefined ? undefined : stringIn(member.content, "membership");

/** The join rule in force; a room without one is for invited users. */
export const joinRuleOf = (joinRules: Pdu | undefined): string | undefined =>
  joinRules === undefined ? "invite" : stringIn(joinRules.content, "join_rule");

export const isUserIdValue = (value: JsonValue | undefined): value is UserId =>
  typeof value === "string" && isUserId(value);
