import type { RoomId } from "@croft/protocol";
import { receiptEvents, typingEvent } from "@croft/rooms";
import type { StoredEvent } from "@croft/storage";
import { accountDataText } from "../streams/account-data.ts";
import { notificationCountsText } from "../streams/notification-counts.ts";
import { stateBeside } from "../streams/state.ts";
import { changesSummary, NO_SUMMARY, roomSummary, type Summary } from "../streams/summary.ts";
import { readTimeline, type Timeline } from "../streams/timeline.ts";
import { eventListText, eventTexts } from "./event-texts.ts";
import type { RoomChunk } from "./room-chunk.ts";
import type { Run } from "./run.ts";
import type { AssembleDeps } from "./sync-deps.ts";

/** How much of a room a reply carries. */
export type JoinedView = {
  readonly roomId: RoomId;
  /** The timeline begins after this; 0: with whatever the user may see. */
  readonly after: number;
  /** All of the state, not only what changed. */
  readonly whole: boolean;
};

/** `"!room":{…}`, or undefined where there is nothing to tell. */
export async function joinedRoomText(
  deps: AssembleDeps,
  run: Run,
  { view, chunk }: { readonly view: JoinedView; readonly chunk: RoomChunk },
): Promise<string | undefined> {
  const { roomId } = view;
  const { filter, stateAfter, userId, deviceId } = run.question;
  const { stateAt } = chunk;
  const reader = { userId, deviceId, stayEnd: Number.POSITIVE_INFINITY };
  const window = { after: view.after, upTo: run.upTo };
  const newest = chunk.newest.get(roomId);
  const timeline = await readTimeline(
    { events: deps.storage.read.events, stateAt },
    { roomId, window, filter, reader, ignored: run.ignored, newest },
  );
  const { summary, state } = await summaryAndState(deps, run, { view, chunk, timeline });
  rememberMembers(run, [...state, ...timeline.events]);

  const ephemeral = ephemeralTexts(deps, run, { view, chunk });
  const accountData = run.accountData.byRoom.get(roomId) ?? [];
  const receipts = chunk.receipts.get(roomId) ?? [];
  const isRead = receipts.some((receipt) => receipt.userId === userId);
  const isQuiet = timeline.events.length + state.length + ephemeral.length + accountData.length === 0;
  if (isQuiet && !isRead && !timeline.limited && !view.whole) return undefined;

  const [stateTexts, texts] = await Promise.all([
    eventTexts(deps, { events: state, reader: view.whole ? undefined : reader, filter, stateAt }),
    eventTexts(deps, { events: timeline.events, reader, filter, stateAt }),
  ]);
  const parts = [
    timelineText(timeline, texts),
    eventListText(stateAfter ?? "state", stateTexts),
    eventListText("ephemeral", ephemeral),
    eventListText("account_data", accountData.map(accountDataText)),
    `"summary":${summary.text}`,
    notificationCountsText(chunk.unread.get(roomId), { perThread: filter.unreadThreadNotifications }),
  ];
  return `${JSON.stringify(roomId)}:{${parts.join(",")}}`;
}

export const timelineText = ({ limited, prevBatch }: Timeline, texts: readonly string[]): string =>
  `"timeline":{"events":[${texts.join(",")}],"limited":${limited},"prev_batch":${JSON.stringify(prevBatch)}}`;

async function summaryAndState(
  deps: AssembleDeps,
  { question, known }: Run,
  { view, chunk, timeline }: { view: JoinedView; chunk: RoomChunk; timeline: Timeline },
): Promise<{ summary: Summary; state: StoredEvent[] }> {
  const { roomId, whole } = view;
  const { userId, filter, stateAfter } = question;
  const deltas = chunk.deltas.get(roomId) ?? [];
  const endGroup = chunk.stateGroups.get(roomId) ?? 0;
  const counts = chunk.counts.get(roomId) ?? { joined: 0, invited: 0 };
  const hasSummary = whole || deltas.some(changesSummary);
  const summary = hasSummary
    ? await roomSummary({ ...deps, stateAt: chunk.stateAt }, { roomId, userId, group: endGroup, counts })
    : NO_SUMMARY;
  const state = await stateBeside(deps, {
    roomId,
    userId,
    filter,
    timeline,
    deltas,
    atEnd: stateAfter !== undefined,
    whole,
    endGroup,
    heroes: summary.heroes,
    isTold: known.has,
  });
  return { summary, state };
}

/** Members that go out now need not be sent again once the client has them. */
function rememberMembers({ question, toldNow }: Run, events: readonly StoredEvent[]): void {
  if (!question.filter.lazyLoadMembers) return;
  for (const { type, eventId } of events) if (type === "m.room.member") toldNow.add(eventId);
}

function ephemeralTexts(
  { typing }: AssembleDeps,
  { question, typingRooms }: Run,
  { view, chunk }: { view: JoinedView; chunk: RoomChunk },
): string[] {
  const { roomId, whole } = view;
  const { ephemeral } = question.filter;
  if (!ephemeral.allowsRoom(roomId)) return [];
  const texts: string[] = [];
  const typists = typingRooms.has(roomId) || whole ? typing.typing(roomId) : [];
  if ((typingRooms.has(roomId) || typists.length > 0) && ephemeral.matchesType("m.typing")) {
    texts.push(typingEvent(typists));
  }
  const receipts = chunk.receipts.get(roomId);
  if (receipts !== undefined && ephemeral.matchesType("m.receipt")) texts.push(...receiptEvents(receipts));
  return texts;
}
