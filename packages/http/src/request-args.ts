import type { IncomingMessage, ServerResponse } from "node:http";
import type { Endpoint } from "@croft/api";
import type { HandlerArgs, Requester } from "./route.ts";

/**
 * One request in flight, and what its handler is given. A waiting long-poll is one of these, so it holds next to
 * nothing: whatever can be read off the request is, and the abort signal exists once somebody asks for it.
 */
export class RequestArgs {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly startedAt: number;
  readonly address: string;
  requester: Requester | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  bodyText = "";
  endpoint: Endpoint | undefined;
  #abort: AbortController | undefined;
  #aborted = false;

  constructor(fields: {
    request: IncomingMessage;
    response: ServerResponse;
    requestId: string;
    startedAt: number;
    address: string;
  }) {
    this.request = fields.request;
    this.response = fields.response;
    this.requestId = fields.requestId;
    this.startedAt = fields.startedAt;
    this.address = fields.address;
  }

  get path(): string {
    return this.endpoint?.path ?? "";
  }

  get rawPath(): string {
    return this.request.url ?? "/";
  }

  get userAgent(): string | undefined {
    return this.request.headers["user-agent"];
  }

  get headers(): IncomingMessage["headers"] {
    return this.request.headers;
  }

  get contentType(): string | undefined {
    return this.request.headers["content-type"];
  }

  get contentLength(): number | undefined {
    const length = this.request.headers["content-length"];
    return length === undefined ? undefined : Number(length);
  }

  /** A handler may stop in the middle of it and still be heard: the request itself is let go of by whoever answers. */
  get stream(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.request.iterator({ destroyOnReturn: false }) };
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#aborted) this.#abort.abort();
    }
    return this.#abort.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#abort?.abort();
  }

  /** The schemas have been checked: from here the parts have the types that the endpoint declares. */
  get checked(): HandlerArgs<Endpoint> {
    return this as unknown as HandlerArgs<Endpoint>;
  }
}
