import { isJsonObject, type JsonObject } from "../json.ts";

/** An event and what its room knows of it: made once, then judged by the rules of every member. */
export type PushEvent = {
  readonly event: JsonObject;
  readonly memberCount: number;
  /** Whether the sender has the power that the room asks for this notification (`room` for @room). */
  readonly senderMayNotify: (key: string) => boolean;
  /** `content.body` in lower case; undefined when it is no string. */
  readonly body: string | undefined;
};

export function pushEvent(facts: Omit<PushEvent, "body">): PushEvent {
  const content = facts.event["content"];
  const body = isJsonObject(content) ? content["body"] : undefined;
  return { ...facts, body: typeof body === "string" ? body.toLowerCase() : undefined };
}
