import { formatStreamToken, lastStayEnd, StateAtEvents } from "@croft/rooms";
import type { MembershipRecord, StoredEvent } from "@croft/storage";
import { accountDataText } from "../streams/account-data.ts";
import { wasJoined } from "../streams/memberships.ts";
import { stateBeside, stateDeltas } from "../streams/state.ts";
import { readTimeline, type Timeline } from "../streams/timeline.ts";
import { eventListText, eventTexts } from "./event-texts.ts";
import { timelineText } from "./joined-room.ts";
import type { Run } from "./run.ts";
import type { AssembleDeps } from "./sync-deps.ts";

/**
 * A room the user has left, as it was then: what happened up to the end of their stay, and the event that says that they
 * are out. Who never was in it (an invite declined) learns of nothing but that event. undefined: nothing to tell.
 */
export async function leftRoomText(
  deps: AssembleDeps,
  run: Run,
  record: MembershipRecord,
): Promise<string | undefined> {
  const { read } = deps.storage;
  const { userId, deviceId, filter, stateAfter } = run.question;
  const stayEnd = await lastStayEnd(read, record);
  const stateAt = new StateAtEvents(read);
  const reader = { userId, deviceId, stayEnd };
  const stay =
    stayEnd === undefined || stayEnd <= run.after ? undefined : await readStay(deps, run, { record, stateAt, stayEnd });
  if (stay === undefined && run.after === 0) return undefined;
  const { timeline, state } = stay ?? { timeline: await onlyTheEnd(deps, run, record), state: [] };

  const [stateTexts, texts] = await Promise.all([
    eventTexts(deps, { events: state, reader: undefined, filter, stateAt }),
    eventTexts(deps, { events: timeline.events, reader, filter, stateAt }),
  ]);
  const accountData = run.accountData.byRoom.get(record.roomId) ?? [];
  const parts = [
    timelineText(timeline, texts),
    eventListText(stateAfter ?? "state", stateTexts),
    eventListText("account_data", accountData.map(accountDataText)),
  ];
  return `${JSON.stringify(record.roomId)}:{${parts.join(",")}}`;
}

type Stay = { readonly timeline: Timeline; readonly state: readonly StoredEvent[] };

async function readStay(
  deps: AssembleDeps,
  run: Run,
  { record, stateAt, stayEnd }: { record: MembershipRecord; stateAt: StateAtEvents; stayEnd: number },
): Promise<Stay> {
  const { events } = deps.storage.read;
  const { roomId, eventId } = record;
  const { userId, filter, stateAfter } = run.question;
  const isKnown = await wasJoined(deps, record, run.after);
  const whole = run.question.fullState || !isKnown;
  const window = { after: isKnown ? run.after : 0, upTo: stayEnd };
  const [last] = await events.latest({ roomId, after: stayEnd - 1, upTo: stayEnd, limit: 1 });
  const timeline = await readTimeline(
    { events, stateAt },
    { roomId, window, filter, reader: { userId, stayEnd }, ignored: run.ignored, always: eventId },
  );
  const state = await stateBeside(deps, {
    roomId,
    userId,
    filter,
    timeline,
    deltas: whole ? [] : await stateDeltas(deps, { roomId, window }),
    atEnd: stateAfter !== undefined,
    whole,
    endGroup: last?.stateAfter ?? 0,
    heroes: [],
    isTold: run.known.has,
  });
  return { timeline: await withTheEnd(deps, timeline, record), state };
}

/** A ban or a declined invite after the stay ended is shown too: nothing of what was between them is. */
async function withTheEnd(
  { storage }: AssembleDeps,
  timeline: Timeline,
  { eventId }: MembershipRecord,
): Promise<Timeline> {
  if (timeline.events.some((event) => event.eventId === eventId)) return timeline;
  const end = await storage.read.events.byId(eventId);
  return end === undefined ? timeline : { ...timeline, events: [...timeline.events, end] };
}

const onlyTheEnd = (deps: AssembleDeps, run: Run, record: MembershipRecord): Promise<Timeline> =>
  withTheEnd(
    deps,
    { events: [], limited: false, prevBatch: formatStreamToken({ position: run.upTo, typing: 0 }) },
    record,
  );
