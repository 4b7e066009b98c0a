import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { PowerLevels } from "./power-levels.ts";

/**
 * Whether a redaction that the auth rules allowed may be applied to its target, `levels` being those of the room where
 * the redaction was sent. In versions 1 and 2 the auth rules have said so already.
 * https://spec.matrix.org/v1.19/rooms/v12/#handling-redactions
 */
export function canRedact({
  version,
  levels,
  redaction,
  target,
}: {
  readonly version: RoomVersion;
  readonly levels: PowerLevels;
  readonly redaction: Pdu;
  readonly target: Pdu;
}): boolean {
  if (version.redactionAuthRule) return true;
  // 1. The sender of the redaction has at least the redact level.
  if (levels.userLevel(redaction.sender) >= levels.actionLevel("redact")) return true;
  // 2. The domains of the two senders are the same.
  return serverNameOf(redaction.sender) === serverNameOf(target.sender);
}
