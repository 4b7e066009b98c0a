import { badJson, invalidParam, type JsonValue, MAX_PROFILE_KEY_BYTES, MatrixError, utf8Length } from "@croft/protocol";

/** This server's own limits; member events carry both in every room. */
const MAX_DISPLAYNAME_LENGTH = 256;
const MAX_AVATAR_URL_LENGTH = 1_000;

/** https://spec.matrix.org/v1.19/appendices/#common-namespaced-identifier-grammar */
const FIELD_NAME = /^(?:avatar_url|displayname|[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+)$/;

/** Fields that rooms repeat in member events. */
export const MEMBER_EVENT_FIELDS: readonly string[] = ["displayname", "avatar_url"];

export function requireFieldName(name: string): void {
  if (utf8Length(name) > MAX_PROFILE_KEY_BYTES) {
    throw new MatrixError("M_KEY_TOO_LARGE", `A profile field's name has at most ${MAX_PROFILE_KEY_BYTES} bytes`);
  }
  if (!FIELD_NAME.test(name)) throw invalidParam("Invalid profile field name");
}

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3profileuseridkeyname */
export function requireFieldValue(name: string, value: JsonValue): void {
  if (name !== "displayname" && name !== "avatar_url" && name !== "m.tz") return;
  if (typeof value !== "string") throw badJson(`${name} must be a string`);
  if (name === "displayname" && value.length > MAX_DISPLAYNAME_LENGTH) {
    throw invalidParam(`displayname has at most ${MAX_DISPLAYNAME_LENGTH} characters`);
  }
  if (name !== "avatar_url" || value === "") return;
  if (!value.startsWith("mxc://") || value.length > MAX_AVATAR_URL_LENGTH) {
    throw invalidParam(`avatar_url must be an mxc:// URI of at most ${MAX_AVATAR_URL_LENGTH} characters`);
  }
}
