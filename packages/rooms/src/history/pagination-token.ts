import { invalidParam } from "@croft/protocol";
import type { TopologicalPosition } from "@croft/storage";

/**
 * Places that clients hold. Opaque to them; the letter says the kind and the number after it the format, so that a
 * later format can be told from this one.
 */

/**
 * How far a sync has come: `position` in the stream of all changes, `typing` in the serials of typing; `toDevice` where
 * messages to the device were left over for the next sync.
 */
export type StreamToken = {
  readonly position: number;
  readonly typing: number;
  readonly toDevice?: number | undefined;
};

/**
 * A gap in a room's topological order: just after an event at `after`, or where one would stand. `upTo`, if there,
 * bounds the stream position of what a walk backwards shows, so that it meets exactly what a sync left out.
 */
export type TopologicalToken = { readonly after: TopologicalPosition; readonly upTo: number | undefined };

export type PaginationToken =
  | ({ readonly kind: "stream" } & StreamToken)
  | ({ readonly kind: "topological" } & TopologicalToken);

export const formatStreamToken = ({ position, typing, toDevice }: StreamToken): string =>
  `s1_${position}_${typing}${toDevice === undefined ? "" : `_${toDevice}`}`;

export const formatTopologicalToken = ({ after, upTo }: TopologicalToken): string =>
  `t1_${after.depth}_${after.position}${upTo === undefined ? "" : `_${upTo}`}`;

/** Throws `M_INVALID_PARAM` for anything that is not a stream token. */
export function parseStreamToken(text: string): StreamToken {
  const token = parsePaginationToken(text);
  if (token.kind !== "stream") throw invalidParam("This token is not one of a sync");
  return token;
}

/** Accepts both kinds, as clients page from where a sync stood. Throws `M_INVALID_PARAM` for anything else. */
export function parsePaginationToken(text: string): PaginationToken {
  const stream = /^s1_(\d{1,15})_(\d{1,15})(?:_(\d{1,15}))?$/.exec(text);
  if (stream) {
    const toDevice = stream[3] === undefined ? undefined : Number(stream[3]);
    return { kind: "stream", position: Number(stream[1]), typing: Number(stream[2]), toDevice };
  }
  const topological = /^t1_(\d{1,19})_(-?\d{1,15})(?:_(\d{1,15}))?$/.exec(text);
  if (!topological) throw invalidParam("Unknown pagination token");
  return {
    kind: "topological",
    after: { depth: Number(topological[1]), position: Number(topological[2]) },
    upTo: topological[3] === undefined ? undefined : Number(topological[3]),
  };
}
