import { canonicalJson, invalidParam, type JsonObject, MatrixError, utf8Length } from "@croft/protocol";
import type { OneTimeKey } from "@croft/storage";

/** Generous for any algorithm there is, post-quantum ones included. */
const MAX_ONE_TIME_KEY_BYTES = 16_384;
/** As much as an event. */
const MAX_SIGNED_KEY_BYTES = 65_536;
const MAX_KEY_NAME_BYTES = 255;

/** The one text of a signed object that two uploads of it have in common; what others may add stays outside. */
export function signedKeyText({ unsigned, ...key }: JsonObject): string {
  const text = canonicalJson(key);
  if (utf8Length(text) > MAX_SIGNED_KEY_BYTES) throw tooLarge("A key", MAX_SIGNED_KEY_BYTES);
  return text;
}

/** One-time or fallback keys as they are uploaded, by `<algorithm>:<key_id>`. */
export function readOneTimeKeys(keys: { readonly [name: string]: string | JsonObject }): OneTimeKey[] {
  return Object.entries(keys).map(([name, value]) => {
    const colon = name.indexOf(":");
    if (colon < 1 || colon === name.length - 1) throw invalidParam(`${name.slice(0, 255)} is not <algorithm>:<key_id>`);
    if (utf8Length(name) > MAX_KEY_NAME_BYTES) throw tooLarge("The name of a key", MAX_KEY_NAME_BYTES);
    const key = canonicalJson(value);
    if (utf8Length(key) > MAX_ONE_TIME_KEY_BYTES) throw tooLarge("A one-time key", MAX_ONE_TIME_KEY_BYTES);
    return { algorithm: name.slice(0, colon), keyId: name.slice(colon + 1), key };
  });
}

const tooLarge = (what: string, bytes: number) => new MatrixError("M_TOO_LARGE", `${what} has at most ${bytes} bytes`);
