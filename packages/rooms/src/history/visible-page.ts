import type { StoredEvent, TopologicalPosition } from "@croft/storage";
import type { RoomAccess } from "../visibility/room-access.ts";
import type { StateAtEvents } from "../visibility/state-at-events.ts";
import { visibleEvents } from "../visibility/visible-events.ts";

/** How many events one request looks through for some that the reader may see and asked for. */
const MAX_SCANNED = 1000;
/** At least so many at once after the first look: a filter that few events pass should not read in small bites. */
const MIN_NEXT_LOOK = 50;

/** The next events beside an exclusive bound, nearest first. */
export type NextEvents = (from: TopologicalPosition | undefined, limit: number) => Promise<readonly StoredEvent[]>;

export type VisiblePage = {
  readonly events: readonly StoredEvent[];
  /** The last event looked at; undefined when there is nothing beyond this page. */
  readonly goOnAfter: StoredEvent | undefined;
};

export type VisiblePageArgs = {
  readonly access: RoomAccess;
  readonly from: TopologicalPosition | undefined;
  readonly limit: number;
  /** What else an event must pass to be shown. */
  readonly wanted: (event: StoredEvent) => boolean;
};

/** The next events in topological order that the reader may see and wants, at most `limit`. */
export async function visiblePage(
  { nextEvents, stateAt }: { readonly nextEvents: NextEvents; readonly stateAt: StateAtEvents },
  { access, limit, wanted, ...args }: VisiblePageArgs,
): Promise<VisiblePage> {
  const shown: StoredEvent[] = [];
  let { from } = args;
  for (let scanned = 0; ; ) {
    // One more than can be shown, so that the end is known without another look.
    const size = Math.max(limit - shown.length + 1, scanned === 0 ? 0 : MIN_NEXT_LOOK);
    const page = await nextEvents(from, size);
    const visible = new Set(await visibleEvents({ stateAt }, { events: page, reader: access }));
    for (const [index, event] of page.entries()) {
      if (!visible.has(event) || !wanted(event)) continue;
      shown.push(event);
      const isLast = page.length < size && index === page.length - 1;
      if (shown.length >= limit) return { events: shown, goOnAfter: isLast ? undefined : event };
    }
    if (page.length < size) return { events: shown, goOnAfter: undefined };
    const last = page.at(-1);
    scanned += page.length;
    if (scanned >= MAX_SCANNED) return { events: shown, goOnAfter: last };
    from = last;
  }
}
