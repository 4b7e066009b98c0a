import { badJson, type JsonObject, type JsonValue, type RoomVersion, readJson } from "@croft/protocol";

/** What an event's content is once its room's version is known: how odd numbers and doubled keys are taken hangs on it. */
export type EventContent = (version: RoomVersion) => JsonObject;

/** The content a request's body spells. Throws `M_BAD_JSON` for what the room version's canonical JSON cannot say. */
export const contentOfText =
  (text: string): EventContent =>
  (version) => {
    const content = readJson(text, { strict: version.strictCanonicalJson });
    if (!isObject(content)) throw badJson("An event's content is an object");
    return content;
  };

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
