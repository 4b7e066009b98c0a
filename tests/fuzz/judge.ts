import type { Answer } from "./raw-connection.ts";

/**
 * What is wrong with an answer to something malformed; undefined where nothing is. What is no HTTP at all may be
 * answered by a bare 400: no Matrix client is there to read more.
 */
export function faultOf(
  { status, contentType, body }: Answer,
  { isHead, isHttp }: { readonly isHead: boolean; readonly isHttp: boolean },
): string | undefined {
  if (status >= 500 || status < 200) return `status ${status}`;
  // What was sent may have been right after all, and pages are not only JSON.
  if (status < 300 || status === 304) return undefined;
  if (status < 400) return `status ${status}`;
  if (isHead || (!isHttp && status === 400 && body === "")) return undefined;
  if (!contentType.startsWith("application/json")) return `a refusal of type "${contentType}"`;
  const refusal = parsed(body);
  if (refusal === undefined) return "a refusal that is not JSON";
  if (status === 401 && Array.isArray(refusal["flows"])) return undefined;
  if (typeof refusal["errcode"] !== "string" || !/^[A-Z][A-Z_.]+$/i.test(refusal["errcode"])) return "no errcode";
  if (typeof refusal["error"] !== "string" || refusal["error"] === "") return "no word of what is wrong";
  return undefined;
}

function parsed(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
