import {
  canonicalJson,
  canRedact,
  type EventId,
  type Pdu,
  type PowerLevels,
  type RoomVersion,
  redact,
  redactsOf,
} from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { contentSpan } from "./content-span.ts";
import { parsePdu } from "./parse-pdu.ts";
import type { StagedRedaction } from "./staged-event.ts";

/**
 * What a redaction leaves of its target; undefined where it takes nothing: the target is unknown, redacted already, or
 * beyond the sender's power, which since room version 3 does not keep the redaction itself out of the room.
 */
export async function stageRedaction(
  room: {
    readonly version: RoomVersion;
    readonly levels: PowerLevels;
    event(eventId: EventId): Promise<StoredEvent | undefined>;
  },
  redaction: Pdu,
): Promise<StagedRedaction | undefined> {
  const { version, levels } = room;
  const eventId = redactsOf(redaction, version);
  const stored = eventId === undefined ? undefined : await room.event(eventId);
  if (stored === undefined || stored.redactedBy !== undefined) return undefined;
  const target = parsePdu(stored.json, version);
  if (!canRedact({ version, levels, redaction, target })) return undefined;
  const redacted = redact(target, version);
  return { eventId: stored.eventId, json: canonicalJson(redacted), ...contentSpan(redacted) };
}
