import { normalisedBase64, unpaddedBase64 } from "../canonical-json/base64.ts";
import { canonicalJson } from "../canonical-json/canonical-json.ts";
import { redact } from "../redaction/redact.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import type { Sha256 } from "../signing/crypto.ts";
import type { DraftPdu, Pdu } from "./pdu.ts";

/**
 * The hash of everything in an event but `unsigned`, `signatures` and `hashes`, in unpadded base64: what stands in
 * `hashes.sha256`. https://spec.matrix.org/v1.19/server-server-api/#calculating-the-content-hash-for-an-event
 */
export function contentHash(pdu: DraftPdu, sha256: Sha256): string {
  const { unsigned, signatures, hashes, ...rest } = pdu;
  return unpaddedBase64(sha256(canonicalJson(rest)));
}

/**
 * Whether an event's content is the one its sender hashed. Where not, the spec assumes that a redacted copy was sent:
 * keep `redact(pdu)` then, and do not refuse it.
 */
export function hasItsContentHash(pdu: Pdu, sha256: Sha256): boolean {
  const stated: unknown = pdu.hashes?.sha256;
  if (typeof stated !== "string") return false;
  const hash = contentHash(pdu, sha256);
  return stated === hash || normalisedBase64(stated) === hash;
}

/**
 * The text that both an event's signatures and its reference hash are made of: redacted, without `signatures` and
 * `unsigned`, with `hashes`. Whoever needs both makes it once.
 */
export function essentialJson(pdu: Pdu, version: RoomVersion): string {
  const { signatures, unsigned, ...essential } = redact(pdu, version);
  return canonicalJson(essential);
}

/** https://spec.matrix.org/v1.19/server-server-api/#calculating-the-reference-hash-for-an-event */
export const referenceHash = (pdu: Pdu, version: RoomVersion, sha256: Sha256): Uint8Array =>
  sha256(essentialJson(pdu, version));
