import type { JsonObject, JsonValue } from "../json.ts";

/**
 * A number as it was written, where a JavaScript number would lose it: `1.0`, `9007199254740993`. It occurs only in JSON
 * read leniently, for the events of room versions 1 to 5. It is the engine's own raw JSON object, so `JSON.stringify`
 * prints it as it stood; being one, it does not survive structured cloning: hand texts to workers, not objects.
 */
export type RawNumber = JsonObject & { readonly rawJSON: string };

/** The language's raw JSON, which the compiler's libraries do not declare yet. */
declare global {
  interface JSON {
    rawJSON(text: string): JsonObject & { readonly rawJSON: string };
    isRawJSON(value: unknown): boolean;
  }
}

export const rawNumber = (token: string): RawNumber => JSON.rawJSON(token);

/** Asks the engine, so an object that merely looks like one (`{"rawJSON": "1"}`) is none. */
export const isRawNumber = (value: JsonValue | undefined): value is RawNumber =>
  typeof value === "object" && value !== null && "rawJSON" in value && JSON.isRawJSON(value);

/** The value of a number in either form, rounded to what JavaScript can hold; undefined when it is no number. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  return isRawNumber(value) ? Number(value.rawJSON) : undefined;
}
