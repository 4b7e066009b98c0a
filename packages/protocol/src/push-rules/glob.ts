import { isHighSurrogate, isLowSurrogate } from "../identifiers/utf8-length.ts";

/** A pattern cut at its stars: each part is lower case, and `?` in it stands for one character. */
export type Glob = readonly string[];

/**
 * https://spec.matrix.org/v1.19/appendices/#glob-style-matching
 * Matching works part by part and never goes back, so that no pattern takes more than pattern × text steps.
 */
export const compileGlob = (pattern: string): Glob => pattern.toLowerCase().split(/\*+/);

/** Whether a glob matches a whole text, which must be in lower case. */
export function matchesWhole(glob: Glob, text: string): boolean {
  const first = endOfPart(glob[0] ?? "", text, 0);
  if (glob.length === 1) return first === text.length;
  return first !== -1 && matchesRest(glob, text, first, (end) => end === text.length);
}

/**
 * Whether a glob matches some part of a text (in lower case) that starts and ends at word boundaries.
 * https://spec.matrix.org/v1.19/client-server-api/#conditions-1
 */
export function matchesWords(glob: Glob, text: string): boolean {
  const first = glob[0] ?? "";
  for (let start = 0; start <= text.length; start++) {
    if (!isWordBoundary(text, start)) continue;
    const end = endOfPart(first, text, start);
    if (end === -1) continue;
    if (glob.length === 1) {
      if (isWordBoundary(text, end)) return true;
      continue;
    }
    // The earliest start leaves the most room for what follows: where it fails, every later one does.
    return matchesRest(glob, text, end, (last) => isWordBoundary(text, last));
  }
  return false;
}

/** Whether the parts after the first follow in order from `cursor`, and the last can end where `mayEnd` says. */
function matchesRest(glob: Glob, text: string, cursor: number, mayEnd: (end: number) => boolean): boolean {
  let from = cursor;
  for (let index = 1; index < glob.length; index++) {
    const part = glob[index] as string;
    const isLast = index === glob.length - 1;
    let end = -1;
    for (let start = from; start <= text.length && end === -1; start++) {
      end = endOfPart(part, text, start);
      if (end !== -1 && isLast && !mayEnd(end)) end = -1;
    }
    if (end === -1) return false;
    from = end;
  }
  return true;
}

/** Where a part that begins at `start` ends, or -1 when it does not match there. */
function endOfPart(part: string, text: string, start: number): number {
  let at = start;
  for (let i = 0; i < part.length; i++) {
    if (at >= text.length) return -1;
    const unit = text.charCodeAt(at);
    if (part.charCodeAt(i) === QUESTION_MARK) {
      at += isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(at + 1)) ? 2 : 1;
    } else if (part.charCodeAt(i) === unit) at++;
    else return -1;
  }
  return at;
}

/** The ends of a text, and either side of any character but letters and digits of ASCII and the underscore. */
export const isWordBoundary = (text: string, at: number): boolean =>
  at === 0 || at === text.length || !isWordUnit(text.charCodeAt(at - 1)) || !isWordUnit(text.charCodeAt(at));

const QUESTION_MARK = 0x3f;
const isWordUnit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f;
