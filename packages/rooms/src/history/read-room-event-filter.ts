import type { RoomEventFilter } from "@croft/api";
import { invalidParam } from "@croft/protocol";
import { type CompiledRoomEventFilter, compileRoomEventFilter } from "./event-filter.ts";

const LISTS = ["types", "not_types", "senders", "not_senders", "rooms", "not_rooms"];
const SWITCHES = ["lazy_load_members", "include_redundant_members", "unread_thread_notifications", "contains_url"];

const EVERYTHING = compileRoomEventFilter({});

/** The `filter` of a query: JSON text of a RoomEventFilter, absent for everything. Throws `M_INVALID_PARAM`. */
export function readRoomEventFilter(text: string | undefined): CompiledRoomEventFilter {
  if (text === undefined) return EVERYTHING;
  const filter = parseObject(text);
  for (const name of LISTS) {
    const list = filter[name];
    if (list !== undefined && !(Array.isArray(list) && list.every((item) => typeof item === "string")))
      throw invalidParam(`${name} of the filter is not a list of strings`);
  }
  for (const name of SWITCHES) {
    if (filter[name] !== undefined && typeof filter[name] !== "boolean")
      throw invalidParam(`${name} of the filter is not a boolean`);
  }
  if (filter["limit"] !== undefined && !Number.isInteger(filter["limit"]))
    throw invalidParam("limit of the filter is not an integer");
  return compileRoomEventFilter(filter as RoomEventFilter);
}

function parseObject(text: string): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, like every other text that is no object.
  }
  throw invalidParam("filter is not a JSON object");
}
