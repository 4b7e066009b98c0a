import type { JsonObject, JsonValue } from "../json.ts";
import { compileGlob, isWordBoundary, matchesWhole, matchesWords } from "./glob.ts";
import { parsePropertyPath, propertyAt } from "./property-path.ts";
import type { PushEvent } from "./push-event.ts";
import type { PushCondition } from "./ruleset.ts";

/** Whether a condition holds for an event; `displayName` is the owner's in the room. */
export type Matcher = (event: PushEvent, displayName: string | undefined) => boolean;

export const never: Matcher = () => false;

/** A condition made ready; one of unknown kind or with parameters of the wrong type never holds. */
export function compileCondition(condition: PushCondition | JsonObject): Matcher {
  const { kind, key, pattern, value, is }: JsonObject = condition;
  switch (kind) {
    case "event_match":
      return typeof key === "string" && typeof pattern === "string" ? eventMatch(key, pattern) : never;
    case "event_property_is":
      return typeof key === "string" && isScalar(value) ? eventPropertyIs(key, value) : never;
    case "event_property_contains":
      return typeof key === "string" && isScalar(value) ? eventPropertyContains(key, value) : never;
    case "room_member_count":
      return typeof is === "string" ? roomMemberCount(is) : never;
    case "sender_notification_permission":
      return typeof key === "string" ? ({ senderMayNotify }) => senderMayNotify(key) : never;
    case "contains_display_name":
      return containsDisplayName;
    default:
      return never;
  }
}

/** https://spec.matrix.org/v1.19/client-server-api/#conditions-1 */
export function eventMatch(key: string, pattern: string): Matcher {
  const glob = compileGlob(pattern);
  const path = parsePropertyPath(key);
  if (path.length === 2 && path[0] === "content" && path[1] === "body") {
    return ({ body }) => body !== undefined && matchesWords(glob, body);
  }
  if (/[*?]/.test(pattern)) {
    return ({ event }) => {
      const value = propertyAt(event, path);
      return typeof value === "string" && matchesWhole(glob, value.toLowerCase());
    };
  }
  const lowerCase = pattern.toLowerCase();
  return ({ event }) => {
    const value = propertyAt(event, path);
    if (value === pattern) return true;
    return typeof value === "string" && value.length === pattern.length && value.toLowerCase() === lowerCase;
  };
}

type Scalar = string | number | boolean | null;

const isScalar = (value: JsonValue | undefined): value is Scalar =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isSafeInteger(value));

function eventPropertyIs(key: string, value: Scalar): Matcher {
  const path = parsePropertyPath(key);
  return ({ event }) => propertyAt(event, path) === value;
}

function eventPropertyContains(key: string, value: Scalar): Matcher {
  const path = parsePropertyPath(key);
  return ({ event }) => {
    const list = propertyAt(event, path);
    return Array.isArray(list) && list.includes(value);
  };
}

function roomMemberCount(is: string): Matcher {
  const match = /^(==|<=|>=|<|>)?([0-9]+)$/.exec(is);
  if (match === null) return never;
  const count = Number(match[2]);
  switch (match[1]) {
    case "<":
      return ({ memberCount }) => memberCount < count;
    case ">":
      return ({ memberCount }) => memberCount > count;
    case "<=":
      return ({ memberCount }) => memberCount <= count;
    case ">=":
      return ({ memberCount }) => memberCount >= count;
    default:
      return ({ memberCount }) => memberCount === count;
  }
}

/** Deprecated, yet still in the rules of accounts made before intentional mentions. A name is no glob. */
function containsDisplayName({ body }: PushEvent, displayName: string | undefined): boolean {
  if (body === undefined || displayName === undefined || displayName === "") return false;
  const name = displayName.toLowerCase();
  for (let at = body.indexOf(name); at !== -1; at = body.indexOf(name, at + 1)) {
    if (isWordBoundary(body, at) && isWordBoundary(body, at + name.length)) return true;
  }
  return false;
}
