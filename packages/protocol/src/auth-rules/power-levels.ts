import { numberOf } from "../canonical-json/raw-number.ts";
import type { Pdu } from "../events/pdu.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { isObject, own } from "./fields.ts";

/**
 * The levels of a room, each read when asked for. A level that is malformed (where its version lets that happen) is
 * NaN, which no comparison holds for: always ask `level >= required`, never `level < required`.
 */
export type PowerLevels = {
  /** Infinity for the creators of a version 12 room. */
  readonly userLevel: (userId: string) => number;
  /** What sending an event of this type takes; says nothing of memberships, which have levels of their own. */
  readonly eventLevel: (type: string, isState: boolean) => number;
  readonly actionLevel: (action: PowerAction) => number;
  /** What triggering this kind of notification takes, as in `room` for `@room`. */
  readonly notificationLevel: (key: string) => number;
};

export type PowerAction = "ban" | "kick" | "invite" | "redact";

const ACTION_DEFAULT = { ban: 50, kick: 50, invite: 0, redact: 50 } as const;
const STATE_DEFAULT = 50;
const EVENTS_DEFAULT = 0;
const USERS_DEFAULT = 0;
const NOTIFICATION_DEFAULT = 50;
const CREATOR_DEFAULT = 100;

/** A level spelt as a string, allowed before version 10. https://spec.matrix.org/v1.19/rooms/v9/#mroompower_levels-events-accept-values-as-strings */
const LEVEL_STRING = /^\s*[+-]?[0-9]+\s*$/;

/**
 * A power level as its version understands it: an integer; before version 10 also a float, which is truncated, and a
 * string of a decimal integer. Undefined for anything else.
 */
export function readLevel(version: RoomVersion, value: JsonValue | undefined): number | undefined {
  if (version.integerPowerLevels) return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
  const level = typeof value === "string" && LEVEL_STRING.test(value) ? Number(value) : numberOf(value);
  return level !== undefined && Number.isFinite(level) ? Math.trunc(level) : undefined;
}

/** Before version 10 nothing keeps a null out of a power levels event, and it counts as not there. */
export const isAbsent = (value: JsonValue | undefined): value is null | undefined =>
  value === undefined || value === null;

/** A level by name: undefined where absent, NaN where malformed. */
export function levelIn(version: RoomVersion, object: JsonObject, name: string): number | undefined {
  const value = own(object, name);
  return isAbsent(value) ? undefined : (readLevel(version, value) ?? Number.NaN);
}

function levelUnder(version: RoomVersion, content: JsonObject, map: string, name: string): number | undefined {
  const entries = own(content, map);
  if (isAbsent(entries)) return undefined;
  return isObject(entries) ? levelIn(version, entries, name) : Number.NaN;
}

/**
 * Whether a user created the room: the create event's `content.creator`, from version 11 its sender, and from 12 also
 * each of `additional_creators`.
 */
export function isCreator(version: RoomVersion, create: Pdu, userId: string): boolean {
  if (!version.implicitCreator) return own(create.content, "creator") === userId;
  if (create.sender === userId) return true;
  if (!version.privilegedCreators) return false;
  const additional = own(create.content, "additional_creators");
  return Array.isArray(additional) && additional.includes(userId);
}

const NOTHING: JsonObject = {};

/**
 * Reads the levels of a room from its create event and its `m.room.power_levels` event, if it has one.
 * https://spec.matrix.org/v1.19/client-server-api/#mroompower_levels
 */
export function powerLevelsOf({
  version,
  create,
  powerLevels,
}: {
  readonly version: RoomVersion;
  readonly create: Pdu;
  readonly powerLevels: Pdu | undefined;
}): PowerLevels {
  const content = powerLevels?.content ?? NOTHING;
  return {
    userLevel: (userId) => {
      if (version.privilegedCreators && isCreator(version, create, userId)) return Number.POSITIVE_INFINITY;
      if (powerLevels === undefined) return isCreator(version, create, userId) ? CREATOR_DEFAULT : USERS_DEFAULT;
      return (
        levelUnder(version, content, "users", userId) ?? levelIn(version, content, "users_default") ?? USERS_DEFAULT
      );
    },
    eventLevel: (type, isState) =>
      levelUnder(version, content, "events", type) ??
      (isState
        ? (levelIn(version, content, "state_default") ?? STATE_DEFAULT)
        : (levelIn(version, content, "events_default") ?? EVENTS_DEFAULT)),
    actionLevel: (action) => levelIn(version, content, action) ?? ACTION_DEFAULT[action],
    notificationLevel: (key) => levelUnder(version, content, "notifications", key) ?? NOTIFICATION_DEFAULT,
  };
}

/** Whether a user has the level to send a state event of this type; being joined is another question. */
export const canSendState = (levels: PowerLevels, userId: string, type: string): boolean =>
  levels.userLevel(userId) >= levels.eventLevel(type, true);

/** Whether a user has the level to send a message event of this type. */
export const canSendMessage = (levels: PowerLevels, userId: string, type: string): boolean =>
  levels.userLevel(userId) >= levels.eventLevel(type, false);
