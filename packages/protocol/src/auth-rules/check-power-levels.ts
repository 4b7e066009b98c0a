import type { Pdu } from "../events/pdu.ts";
import type { JsonObject } from "../json.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { isObject, isUserIdValue, own } from "./fields.ts";
import { isAbsent, isCreator, levelIn, type PowerLevels, readLevel } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

const PROPERTIES = ["users_default", "events_default", "state_default", "ban", "redact", "kick", "invite"] as const;

type Change = {
  readonly version: RoomVersion;
  readonly event: Pdu;
  readonly create: Pdu;
  /** The power levels event in force, if any. */
  readonly current: Pdu | undefined;
  /** The levels it gives. */
  readonly levels: PowerLevels;
};

/** Rule 10 (9 in versions 6 to 11). The numbers are version 12's; version 10 added 1 and 2, version 12 added 4. */
export function checkPowerLevels(change: Change): AuthVerdict {
  const malformed = checkShape(change);
  if (!malformed.allowed) return malformed;

  // 5. If there is no previous m.room.power_levels event in the room, allow.
  const { current } = change;
  return current === undefined ? ALLOWED : checkAlterations(change, current);
}

function checkShape({ version, event: { content }, create }: Change): AuthVerdict {
  if (version.integerPowerLevels) {
    // 1. If any of the properties users_default, events_default, ... are present and not an integer, reject.
    for (const property of PROPERTIES) {
      const value = own(content, property);
      if (value !== undefined && readLevel(version, value) === undefined) {
        return refuse(version, "powerLevels.integers", `${property} is not an integer`);
      }
    }
    // 2. If either of the properties events or notifications are present and not an object with values that are
    //    integers, reject.
    for (const property of ["events", "notifications"]) {
      const entries = own(content, property);
      if (entries !== undefined && !(isObject(entries) && areLevels(version, entries))) {
        return refuse(version, "powerLevels.maps", `${property} is not an object of integers`);
      }
    }
  }

  // 3. If the users property in content is not an object with keys that are valid user ids with values that are
  //    integers (before version 10 also a string that is an integer), reject.
  const users = own(content, "users");
  if (users === undefined) return ALLOWED;
  if (!isObject(users) || !Object.keys(users).every(isUserIdValue) || !areLevels(version, users)) {
    return refuse(version, "powerLevels.users", "users is not an object of user ids and their levels");
  }

  // 4. Since version 12: if the users property contains a creator of the room, reject.
  if (version.privilegedCreators && Object.keys(users).some((userId) => isCreator(version, create, userId))) {
    return refuse(version, "powerLevels.creators", "users names a creator of the room");
  }
  return ALLOWED;
}

const areLevels = (version: RoomVersion, entries: JsonObject): boolean =>
  Object.values(entries).every((value) => readLevel(version, value) !== undefined);

function checkAlterations({ version, event, levels }: Change, current: Pdu): AuthVerdict {
  const limit = levels.userLevel(event.sender);

  // 6. For the properties users_default, events_default, ... check if they were added, changed or removed. If the
  //    current or the new value is greater than the sender's current power level, reject.
  for (const [property, before, after] of alterations(version, current.content, event.content, PROPERTIES)) {
    if (!within(before, limit)) {
      return refuse(version, "powerLevels.properties.current", `${property} is above the sender's power level`);
    }
    if (!within(after, limit)) {
      return refuse(version, "powerLevels.properties.new", `${property} would be above the sender's power level`);
    }
  }

  // 7. For each entry being changed in, or removed from, events or since version 6 notifications: if the current
  //    value is greater than the sender's current power level, reject.
  // 8. For each entry being added to, or changed in, them: if the new value is greater, reject.
  for (const map of version.limitNotificationsPowerLevels ? ["events", "notifications"] : ["events"]) {
    for (const [entry, before, after] of entryAlterations(version, current.content, event.content, map)) {
      if (!within(before, limit)) {
        return refuse(
          version,
          "powerLevels.entriesRemoved.current",
          `${map} ${entry} is above the sender's power level`,
        );
      }
      if (!within(after, limit)) {
        return refuse(
          version,
          "powerLevels.entriesAdded.new",
          `${map} ${entry} would be above the sender's power level`,
        );
      }
    }
  }

  for (const [userId, before, after] of entryAlterations(version, current.content, event.content, "users")) {
    // 9. For each entry being changed in, or removed from, users, other than the sender's own: if the current value
    //    is greater than or equal to the sender's current power level, reject.
    if (userId !== event.sender && before !== undefined && !(before < limit)) {
      return refuse(version, "powerLevels.usersRemoved.current", `${userId} is not below the sender's power level`);
    }
    // 10. For each entry being added to, or changed in, users: if the new value is greater than the sender's current
    //     power level, reject.
    if (!within(after, limit)) {
      return refuse(version, "powerLevels.usersAdded.new", `${userId} would be above the sender's power level`);
    }
  }

  // 11. Otherwise, allow.
  return ALLOWED;
}

/** What is malformed is NaN, and within nothing. */
const within = (level: number | undefined, limit: number): boolean => level === undefined || level <= limit;

type Alteration = readonly [name: string, before: number | undefined, after: number | undefined];

function alterations(
  version: RoomVersion,
  before: JsonObject,
  after: JsonObject,
  names: Iterable<string>,
): readonly Alteration[] {
  const altered: Alteration[] = [];
  for (const name of names) {
    const from = levelIn(version, before, name);
    const to = levelIn(version, after, name);
    if (from !== to) altered.push([name, from, to]);
  }
  return altered;
}

function entryAlterations(
  version: RoomVersion,
  before: JsonObject,
  after: JsonObject,
  map: string,
): readonly Alteration[] {
  const from = entriesOf(before, map);
  const to = entriesOf(after, map);
  if (from === undefined || to === undefined) return MALFORMED;
  return alterations(version, from, to, new Set([...Object.keys(from), ...Object.keys(to)]));
}

const MALFORMED: readonly Alteration[] = [["", Number.NaN, Number.NaN]];
const NO_ENTRIES: JsonObject = {};

function entriesOf(content: JsonObject, map: string): JsonObject | undefined {
  const entries = own(content, map);
  if (isAbsent(entries)) return NO_ENTRIES;
  return isObject(entries) ? entries : undefined;
}
