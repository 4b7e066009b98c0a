import { isUtf8 } from "node:buffer";
import { badJson, MatrixError } from "@croft/protocol";

/** Far deeper than any event; shallow enough that no recursion over a body runs out of stack. */
const MAX_DEPTH = 100;

export type JsonObject = { readonly [key: string]: unknown };

/**
 * Reads a request body that must be one JSON object, and gives its text beside it. Refused besides what is no JSON:
 * broken UTF-8, nesting deeper than 100, strings that are not Unicode (lone surrogates), and the key `__proto__`, which
 * no client sends but which would turn a plain assignment somewhere behind into an attack.
 */
export function parseJsonBody(bytes: Buffer): { readonly text: string; readonly body: JsonObject } {
  if (!isUtf8(bytes)) throw new MatrixError("M_NOT_JSON", "The request body is not valid UTF-8");
  if (isTooDeep(bytes)) throw badJson(`The request body is nested deeper than ${MAX_DEPTH} levels`);
  const text = bytes.toString("utf8");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new MatrixError("M_NOT_JSON", "The request body is not JSON");
  }
  if (!isObject(body)) throw badJson("The request body must be a JSON object");
  if (text.includes("__proto__") || text.includes("\\u")) refuseHostileText(body);
  return { text, body };
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

function refuseHostileText(value: unknown): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw badJson("A string in the request body has a lone surrogate");
  } else if (Array.isArray(value)) value.forEach(refuseHostileText);
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "__proto__") throw badJson("The request body has a key named __proto__");
      refuseHostileText(key);
      refuseHostileText(inner);
    }
  }
}
