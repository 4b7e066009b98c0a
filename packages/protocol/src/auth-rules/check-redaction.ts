import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { PowerLevels } from "./power-levels.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 11 of versions 1 and 2. */
export function checkRedaction(version: RoomVersion, event: Pdu, levels: PowerLevels): AuthVerdict {
  // 1. If the sender's power level is greater than or equal to the redact level, allow.
  if (levels.userLevel(event.sender) >= levels.actionLevel("redact")) return ALLOWED;
  // 2. If the domain of the event_id of the event being redacted is the same as that of the redaction's, allow.
  if (typeof event.redacts === "string" && typeof event.event_id === "string") {
    const domain = serverNameOf(event.event_id);
    if (domain !== undefined && domain === serverNameOf(event.redacts)) return ALLOWED;
  }
  // 3. Otherwise, reject.
  return refuse(version, "redaction.otherwise", "The sender may not redact this event");
}
