import type { EventId, RoomId, UserId } from "@croft/protocol";
import {
  formatStreamToken,
  isIgnored,
  type Reader,
  type StateAtEvents,
  tokenBefore,
  visibleEvents,
} from "@croft/rooms";
import type { EventReader, StoredEvent } from "@croft/storage";
import type { SyncFilter } from "../filters/sync-filter.ts";
import type { Window } from "./window.ts";

/** How many events are looked through for some that the filter lets through. */
const MAX_SCANNED = 1000;
/** At least so many more at once: a strict filter should not read the room in small bites. */
const MIN_PAGE = 50;

export type Timeline = {
  readonly events: readonly StoredEvent[];
  /** There is more before `events` that belongs into the window. */
  readonly limited: boolean;
  /** Where `/messages` goes on backwards. */
  readonly prevBatch: string;
};

export type TimelineArgs = {
  readonly roomId: RoomId;
  readonly window: Window;
  readonly filter: SyncFilter;
  readonly reader: Reader;
  readonly ignored: ReadonlySet<UserId>;
  /** The reader's own leave: always shown, as nothing else says that they have left. */
  readonly always?: EventId | undefined;
  /** The newest events of the window, where they have been read already. */
  readonly newest?: readonly StoredEvent[] | undefined;
};

/** How many of a room's newest events a timeline first looks at. */
export const firstPageSize = ({ timelineLimit }: SyncFilter): number => timelineLimit + 1;

/** The newest events of a window that the reader may and wants to see, oldest first. */
export async function readTimeline(
  { events, stateAt }: { readonly events: EventReader; readonly stateAt: StateAtEvents },
  { roomId, window, filter, reader, ignored, always, newest }: TimelineArgs,
): Promise<Timeline> {
  const { timeline, timelineLimit } = filter;
  const nothing = { events: [], limited: false, prevBatch: formatStreamToken({ position: window.upTo, typing: 0 }) };
  if (!timeline.allowsRoom(roomId)) return nothing;

  let shown: StoredEvent[] = [];
  let oldest: StoredEvent | undefined;
  let size = firstPageSize(filter);
  for (let scanned = 0; ; ) {
    const upTo = oldest === undefined ? window.upTo : oldest.position - 1;
    const page =
      (oldest === undefined ? newest : undefined) ?? (await events.latest({ ...window, roomId, upTo, limit: size }));
    oldest = page[0] ?? oldest;
    const wanted = page.filter(
      (event) => event.eventId === always || (timeline.matches(event) && !isIgnored(event, ignored)),
    );
    const visible = new Set(await visibleEvents({ stateAt }, { events: wanted, reader }));
    shown = [...wanted.filter((event) => visible.has(event) || event.eventId === always), ...shown];
    scanned += page.length;
    const isExhausted = page.length < size;
    if (!isExhausted && shown.length <= timelineLimit && scanned < MAX_SCANNED) {
      size = Math.max(timelineLimit, MIN_PAGE);
      continue;
    }
    const cut = shown.slice(-timelineLimit);
    const limited = cut.length < shown.length || !isExhausted || (window.after === 0 && !isBeginning(oldest));
    const first = cut[0] ?? (limited ? oldest : undefined);
    return { events: cut, limited, prevBatch: first === undefined ? nothing.prevBatch : tokenBefore(first) };
  }
}

/** Whether nothing can come before: what was fetched from other servers later stands at negative positions. */
const isBeginning = (event: StoredEvent | undefined): boolean => event === undefined || event.type === "m.room.create";
