import { canonicalJson, compareCodePoints, type Pdu } from "@croft/protocol";

/** Where `content`'s text stands in an event's canonical text. */
export type ContentSpan = { readonly contentStart: number; readonly contentEnd: number };

const CONTENT = '"content":';

/**
 * For an event made here: `content` stands between `auth_events` and `depth`, and neither name can occur as a key
 * outside of it, since everything else an own event holds is strings, ids and hashes.
 */
export function ownContentSpan(json: string): ContentSpan {
  return { contentStart: json.indexOf(CONTENT) + CONTENT.length, contentEnd: json.lastIndexOf(',"depth":') };
}

/** For any event: other servers may put keys of their own before and after. */
export function contentSpan(pdu: Pdu): ContentSpan {
  let contentStart = 1;
  for (const [key, value] of Object.entries(pdu)) {
    if (value !== undefined && compareCodePoints(key, "content") < 0) {
      contentStart += JSON.stringify(key).length + canonicalJson(value).length + 2;
    }
  }
  contentStart += CONTENT.length;
  return { contentStart, contentEnd: contentStart + canonicalJson(pdu.content).length };
}
