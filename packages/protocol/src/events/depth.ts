import { numberOf, type RawNumber, rawNumber } from "../canonical-json/raw-number.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { Pdu } from "./pdu.ts";

/** Room versions 1 to 5 allow depths that a JavaScript number cannot tell apart. */
const MAX_DEPTH_64 = 2n ** 63n - 1n;

export const maxDepthOf = ({ maxDepth }: RoomVersion): bigint =>
  Number.isSafeInteger(maxDepth) ? BigInt(maxDepth) : MAX_DEPTH_64;

/**
 * An event's depth, at most the largest safe integer, as no database column and no JavaScript number holds more exactly:
 * good for sorting, not for counting on.
 */
export const depthOf = ({ depth }: Pick<Pdu, "depth">): number =>
  Math.min(numberOf(depth) ?? 0, Number.MAX_SAFE_INTEGER);

/**
 * The depth of an event after these: one more than the deepest, or the most the room version allows.
 * https://spec.matrix.org/v1.19/rooms/v6/#event-format-1
 */
export function nextDepth(prevEvents: readonly Pick<Pdu, "depth">[], version: RoomVersion): number | RawNumber {
  let deepest = 0n;
  for (const { depth } of prevEvents) {
    const exact = BigInt(typeof depth === "number" ? depth : depth.rawJSON);
    if (exact > deepest) deepest = exact;
  }
  const limit = maxDepthOf(version);
  const next = deepest < limit ? deepest + 1n : limit;
  return next <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(next) : rawNumber(`${next}`);
}
