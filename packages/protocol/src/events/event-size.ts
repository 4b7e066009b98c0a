import { canonicalJson } from "../canonical-json/canonical-json.ts";
import { MatrixError } from "../errors.ts";
import { exceedsUtf8 } from "../identifiers/utf8-length.ts";
import { MAX_EVENT_BYTES, MAX_EVENT_TYPE_BYTES, MAX_IDENTIFIER_BYTES, MAX_STATE_KEY_BYTES } from "../limits.ts";
import type { Pdu } from "./pdu.ts";

/**
 * The canonical JSON of a whole signed event, as stored and sent; `M_TOO_LARGE` when it or one of its keys is larger
 * than the spec allows. https://spec.matrix.org/v1.19/client-server-api/#size-limits
 */
export function eventJson(pdu: Pdu): string {
  limit("sender", pdu.sender, MAX_IDENTIFIER_BYTES);
  limit("type", pdu.type, MAX_EVENT_TYPE_BYTES);
  limit("room_id", pdu.room_id, MAX_IDENTIFIER_BYTES);
  limit("event_id", pdu.event_id, MAX_IDENTIFIER_BYTES);
  limit("state_key", pdu.state_key, MAX_STATE_KEY_BYTES);
  const text = canonicalJson(pdu);
  limit("The event", text, MAX_EVENT_BYTES);
  return text;
}

/** As {@link eventJson}, for whoever needs no text. */
export const checkEventSize = (pdu: Pdu): void => void eventJson(pdu);

function limit(what: string, text: string | undefined, bytes: number): void {
  if (text !== undefined && exceedsUtf8(text, bytes)) {
    throw new MatrixError("M_TOO_LARGE", `${what} is larger than ${bytes} bytes`);
  }
}
