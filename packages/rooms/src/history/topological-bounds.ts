import type { RoomId } from "@croft/protocol";
import type { EventReader, StoredEvent, TopologicalPosition } from "@croft/storage";
import { formatStreamToken, formatTopologicalToken, type PaginationToken } from "./pagination-token.ts";

/** What a page is asked for with: exclusive bounds in topological order, and a bound of the stream position. */
export type Bounds = {
  readonly from: TopologicalPosition | undefined;
  readonly to: TopologicalPosition | undefined;
  readonly upTo: number;
};

export type BoundsArgs = {
  readonly roomId: RoomId;
  readonly direction: "b" | "f";
  readonly from: PaginationToken | undefined;
  readonly to: PaginationToken | undefined;
  readonly upTo: number;
};

/** Tokens are gaps between events, pages are bounded by events: backwards the bound is the event after the gap. */
export async function topologicalBounds(deps: { readonly events: EventReader }, args: BoundsArgs): Promise<Bounds> {
  return args.direction === "b" ? await backwards(deps, args) : await forwards(deps, args);
}

async function backwards(
  { events }: { readonly events: EventReader },
  { roomId, from, to, upTo }: BoundsArgs,
): Promise<Bounds> {
  return {
    from: from?.kind === "topological" ? justAfter(from.after) : undefined,
    to: to?.kind === "stream" ? await lastWithin(events, roomId, to.position) : to?.after,
    upTo: Math.min(upTo, (from?.kind === "stream" ? from.position : from?.upTo) ?? upTo),
  };
}

async function forwards(
  { events }: { readonly events: EventReader },
  { roomId, from, to, upTo }: BoundsArgs,
): Promise<Bounds> {
  return {
    from: from?.kind === "stream" ? await lastWithin(events, roomId, from.position) : from?.after,
    to: to?.kind === "topological" ? justAfter(to.after) : undefined,
    upTo: to?.kind === "stream" ? Math.min(upTo, to.position) : upTo,
  };
}

/** The topologically last event of what the stream held at a position. */
async function lastWithin(events: EventReader, roomId: RoomId, upTo: number): Promise<TopologicalPosition | undefined> {
  const [last] = await events.page({ roomId, direction: "b", from: undefined, upTo, limit: 1 });
  return last;
}

/** The token for going on in `direction` after `event` was shown. */
export function tokenAfter(event: TopologicalPosition, direction: "b" | "f", upTo: number): string {
  const { depth, position } = event;
  if (direction === "f") return formatTopologicalToken({ after: { depth, position }, upTo: undefined });
  return formatTopologicalToken({
    after: { depth, position: position - 1 },
    upTo: Number.isFinite(upTo) ? upTo : undefined,
  });
}

const justAfter = ({ depth, position }: TopologicalPosition): TopologicalPosition => ({
  depth,
  position: position + 1,
});

/**
 * Where paging backwards goes on before the first event of a sync's timeline: with all that the stream held before it,
 * as what came in earlier may stand later in the graph.
 */
export const tokenBefore = ({ position }: StoredEvent): string =>
  formatStreamToken({ position: position - 1, typing: 0 });
