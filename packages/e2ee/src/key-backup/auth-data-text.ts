import { MatrixError, utf8Length } from "@croft/protocol";

/** As much as an event; clients send a public key with a few signatures. */
const MAX_AUTH_DATA_BYTES = 65_536;

/** A backup's `auth_data` as it is kept. */
export function authDataText(authData: object): string {
  const text = JSON.stringify(authData);
  if (utf8Length(text) > MAX_AUTH_DATA_BYTES) {
    throw new MatrixError("M_TOO_LARGE", `auth_data has at most ${MAX_AUTH_DATA_BYTES} bytes`);
  }
  return text;
}
