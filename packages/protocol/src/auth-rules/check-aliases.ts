import type { Pdu } from "../events/pdu.ts";
import { serverNameOf } from "../identifiers/identifiers.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** Rule 4 of versions 1 to 5. */
export function checkAliases(version: RoomVersion, event: Pdu): AuthVerdict {
  // 1. If event has no state_key, reject.
  if (event.state_key === undefined) return refuse(version, "aliases.stateKey", "Aliases belong to a server");
  // 2. If sender's domain doesn't match state_key, reject.
  if (serverNameOf(event.sender) !== event.state_key) {
    return refuse(version, "aliases.domain", "The aliases are those of another server than the sender's");
  }
  // 3. Otherwise, allow.
  return ALLOWED;
}
