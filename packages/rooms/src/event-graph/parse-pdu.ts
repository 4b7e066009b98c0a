import { type Pdu, type RoomVersion, readJson } from "@croft/protocol";

/** A stored event's text read back; numbers keep their spelling where the room version lets them be odd. */
export const parsePdu = (json: string, version: RoomVersion): Pdu =>
  version.strictCanonicalJson ? (JSON.parse(json) as Pdu) : (readJson(json, { strict: false }) as unknown as Pdu);
