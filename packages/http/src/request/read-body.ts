import type { IncomingMessage } from "node:http";
import { MatrixError } from "@croft/protocol";
import type { Clock } from "@croft/runtime";

export type BodyLimits = { readonly maxBytes: number; readonly timeoutMs: number };

const tooLarge = (maxBytes: number) =>
  new MatrixError("M_TOO_LARGE", `The request body is larger than ${maxBytes} bytes`);

/** Reads a whole body: M_TOO_LARGE past the limit, 408 when it is not complete in time. */
export function readBody(
  { clock }: { clock: Clock },
  request: IncomingMessage,
  { maxBytes, timeoutMs }: BodyLimits,
): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (end: () => void) => {
      cancelTimeout();
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      end();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) settle(() => reject(tooLarge(maxBytes)));
      else chunks.push(chunk);
    };
    const onEnd = () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const onClose = () => settle(() => reject(new CallerLeft()));
    const cancelTimeout = clock.after(timeoutMs, () =>
      settle(() => reject(new MatrixError("M_UNKNOWN", "The request body did not arrive in time", { status: 408 }))),
    );
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

/** The caller hung up before its request was complete; there is nobody to answer. */
export class CallerLeft extends Error {}

const MAX_DISCARDED_BYTES = 8 * 1024 * 1024;
const MAX_DISCARD_MS = 10_000;

/**
 * Lets go of what an answered request still sends: closing at once would reset the connection before the caller has
 * read its reply, and reading for ever would let it keep us busy. A little is read and dropped, then the line is cut.
 */
export function discardRest({ clock }: { clock: Clock }, request: IncomingMessage): void {
  if (request.complete || request.destroyed) {
    request.resume();
    return;
  }
  let size = 0;
  const cut = () => request.socket.destroy();
  const cancel = clock.after(MAX_DISCARD_MS, cut);
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) cut();
  });
  request.on("error", cut);
  request.on("close", cancel);
  request.resume();
}
