import type { ReceiptRecord } from "@croft/storage";

type ReceiptContent = { [eventId: string]: { [type: string]: { [userId: string]: ReceiptData } } };
type ReceiptData = { readonly ts: number; readonly thread_id?: string };

/**
 * The `m.receipt` events, as JSON text, that tell a client of these receipts of one room: one for each thread, as a
 * user's threaded and unthreaded receipts at the same event would stand in the same place of one content.
 * https://spec.matrix.org/v1.19/client-server-api/#mreceipt
 */
export function receiptEvents(receipts: readonly ReceiptRecord[]): string[] {
  const contents = new Map<string | undefined, ReceiptContent>();
  for (const { eventId, type, userId, threadId, ts } of receipts) {
    let content = contents.get(threadId);
    if (content === undefined) {
      content = {};
      contents.set(threadId, content);
    }
    content[eventId] ??= {};
    content[eventId][type] ??= {};
    content[eventId][type][userId] = threadId === undefined ? { ts } : { ts, thread_id: threadId };
  }
  return [...contents.values()].map((content) => `{"content":${JSON.stringify(content)},"type":"m.receipt"}`);
}
