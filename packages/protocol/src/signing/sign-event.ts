import { eventIdOfText, writtenEventId } from "../events/event-id.ts";
import { contentHash, essentialJson } from "../events/hashes.ts";
import type { DraftPdu, Pdu } from "../events/pdu.ts";
import type { EventId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { Sha256 } from "./crypto.ts";
import { addSignature, type SignatureCheck, type Signer, verifySignatures } from "./sign-json.ts";

/**
 * An event with its content hash and this server's signature, and its id, which is made of the same text. Signatures it
 * already has stay. https://spec.matrix.org/v1.19/server-server-api/#adding-hashes-and-signatures-to-outgoing-events
 */
export function signEvent(
  draft: DraftPdu,
  version: RoomVersion,
  { sha256, ...signer }: Signer & { readonly sha256: Sha256 },
): { readonly pdu: Pdu; readonly eventId: EventId } {
  const hashed: Pdu = { ...draft, hashes: { sha256: contentHash(draft, sha256) }, signatures: {} };
  const text = essentialJson(hashed, version);
  const pdu: Pdu = { ...hashed, signatures: addSignature(draft.signatures, text, signer) };
  const eventId = version.eventFormat === "v1" ? writtenEventId(pdu) : eventIdOfText(text, version, sha256);
  return { pdu, eventId };
}

/** Another server's event with this server's signature beside its own: an invite accepted, a restricted join vouched for. */
export const countersignEvent = (pdu: Pdu, version: RoomVersion, signer: Signer): Pdu => ({
  ...pdu,
  signatures: addSignature(pdu.signatures, essentialJson(pdu, version), signer),
});

/**
 * Whether an event bears a valid signature of a server; holds for the whole event as for its redacted copy.
 * https://spec.matrix.org/v1.19/server-server-api/#validating-hashes-and-signatures-on-received-events
 */
export const verifyEventSignature = (pdu: Pdu, version: RoomVersion, check: SignatureCheck): boolean =>
  verifySignatures(pdu.signatures, () => essentialJson(pdu, version), check);
