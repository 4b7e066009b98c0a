import type { JsonObject } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";

const parsed = new WeakMap<StoredEvent, JsonObject>();

/** The text of `content` as it stands in the stored event. */
export const contentText = (event: StoredEvent): string => event.json.slice(event.contentStart, event.contentEnd);

/** The content as a value, read once per stored event: for state that is asked for again and again, not for messages. */
export function eventContent(event: StoredEvent): JsonObject {
  let content = parsed.get(event);
  if (content === undefined) {
    content = JSON.parse(contentText(event)) as JsonObject;
    parsed.set(event, content);
  }
  return content;
}
