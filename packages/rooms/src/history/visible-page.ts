import type { EventReader, StoredEvent } from "@croft/storage";
import type { RoomAccess } from "../visibility/room-access.ts";
import type { StateAtEvents } from "../visibility/state-at-events.ts";
import { visibleEvents } from "../visibility/visible-events.ts";
import type { Bounds } from "./topological-bounds.ts";

/** How many events one request looks through for some that the reader may see and asked for. */
const MAX_SCANNED = 1000;
/** At least so many at once: a filter that few events pass should not read the room in small bites. */
const MIN_PAGE = 50;

export type VisiblePage = {
  readonly events: readonly StoredEvent[];
  /** The last event looked at; undefined when there is nothing beyond this page. */
  readonly goOnAfter: StoredEvent | undefined;
};

export type VisiblePageArgs = {
  readonly access: RoomAccess;
  readonly direction: "b" | "f";
  readonly bounds: Bounds;
  readonly limit: number;
  /** What else an event must pass to be shown. */
  readonly wanted: (event: StoredEvent) => boolean;
};

/** The next events in topological order that the reader may see and wants, at most `limit`. */
export async function visiblePage(
  { events, stateAt }: { readonly events: EventReader; readonly stateAt: StateAtEvents },
  { access, direction, bounds, limit, wanted }: VisiblePageArgs,
): Promise<VisiblePage> {
  const shown: StoredEvent[] = [];
  let { from } = bounds;
  for (let scanned = 0; ; ) {
    // One more than can be shown, so that the end is known without another look.
    const size = Math.max(limit - shown.length + 1, MIN_PAGE);
    const page = await events.page({ ...bounds, roomId: access.roomId, direction, from, limit: size });
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
