import type { Readable } from "node:stream";

/**
 * A reply that is more than `200` and an object: ready JSON text (assembled from stored text), another status, bytes.
 * `body` absent = no body.
 */
export class RawReply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array | Readable | undefined;

  constructor({
    status = 200,
    headers = {},
    body,
  }: {
    status?: number;
    headers?: { readonly [name: string]: string };
    body?: string | Uint8Array | Readable | undefined;
  }) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** `200` with JSON text that is sent as it is. */
export const jsonText = (text: string): RawReply =>
  new RawReply({ headers: { "content-type": "application/json" }, body: text });

/**
 * Thrown where a user must prove more before an operation: leaves as 401 with this body.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export class InteractiveAuthRequired extends Error {
  readonly body: object;
  constructor(body: object) {
    super("user-interactive authentication required");
    this.body = body;
  }
}
