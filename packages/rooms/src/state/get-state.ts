import { notFound } from "@croft/protocol";
import { clientEventTexts } from "../client-event/client-event-texts.ts";
import { contentText } from "../client-event/event-content.ts";
import type { HistoryDeps } from "../history/history-deps.ts";
import { StateAtEvents } from "../visibility/state-at-events.ts";
import { readableState, readableStateEvent, type StateQuestion, stateEventTexts } from "./readable-state.ts";

/** The reply's JSON text. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidstate */
export async function getState(deps: HistoryDeps, question: StateQuestion): Promise<string> {
  const { roomState, events } = deps.storage.read;
  const { group } = await readableState(deps, question);
  const state = await roomState.map(group);
  return stateEventTexts(await events.byIds([...state.values()]), deps.clock.now());
}

/** The reply's JSON text. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidstateeventtypestatekey */
export async function getStateEvent(
  deps: HistoryDeps,
  { format, ...question }: StateQuestion & { type: string; stateKey: string; format: "content" | "event" },
): Promise<string> {
  const { event, access } = await readableStateEvent(deps, question);
  if (event === undefined) throw notFound("The room has no such state");
  if (format === "content") return contentText(event);
  const { read } = deps.storage;
  const stateAt = new StateAtEvents(read);
  const args = { events: [event], reader: access, withRoomId: true, now: deps.clock.now() };
  return (await clientEventTexts({ read, stateAt }, args)).join("");
}
