import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { TopologicalPosition } from "./events.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events */
export interface RelationReader {
  /**
   * Accepted events of a room, not redacted, that relate to one directly or through up to `levels` − 1 others; in
   * topological order beside an exclusive bound, nearest first. `upTo` bounds the stream position. `relType`,
   * `eventType` and `sender` undefined = any.
   */
  page(args: {
    roomId: RoomId;
    eventId: EventId;
    levels: number;
    relType: string | undefined;
    eventType: string | undefined;
    sender?: UserId | undefined;
    direction: "b" | "f";
    from: TopologicalPosition | undefined;
    to: TopologicalPosition | undefined;
    upTo: number;
    limit: number;
  }): Promise<EventId[]>;
}
