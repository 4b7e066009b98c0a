import { connect, type Socket } from "node:net";

export type Answer = { readonly status: number; readonly contentType: string; readonly body: string };

/** What came back over a connection until it had what was waited for, or ended. */
export type Answers = { readonly answers: readonly Answer[]; readonly closed: boolean; readonly rest: string };

/** Interim answers, such as 100 Continue, are no answers. */
const FIRST_FINAL_STATUS = 200;

/** A TCP connection that sends bytes as they are and reads HTTP/1.1 answers; a client library would mend what it sends. */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #isLast = false;
  #wake: () => void = () => {};

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    this.#socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const onClose = () => {
      this.#closed = true;
      this.#socket.destroy();
      this.#wake();
    };
    // A server that has refused early closes while we still send.
    this.#socket.on("end", onClose).on("close", onClose).on("error", onClose);
  }

  /** Whether it takes another request. */
  get isOpen(): boolean {
    return !this.#closed && !this.#isLast;
  }

  /** Sends one request and waits for its answer; undefined when there is none in time. */
  async exchange(request: Buffer, { isHead, timeoutMs }: { isHead: boolean; timeoutMs: number }): Promise<Answers> {
    this.#socket.write(request);
    const answers: Answer[] = [];
    await this.#until(() => {
      while (answers.length === 0 && this.#take(answers, isHead));
      return answers.length > 0;
    }, timeoutMs);
    return { answers, closed: this.#closed, rest: "" };
  }

  /** Sends bytes, then the end, and reads whatever comes until the server closes. */
  async pour(bytes: Buffer, timeoutMs: number): Promise<Answers> {
    this.#socket.end(bytes);
    await this.#until(() => false, timeoutMs);
    const answers: Answer[] = [];
    const isHead = bytes.toString("latin1", 0, 5) === "HEAD ";
    while (this.#take(answers, isHead));
    return { answers, closed: this.#closed, rest: this.#received.toString("latin1") };
  }

  destroy(): void {
    this.#socket.destroy();
    this.#closed = true;
  }

  async #until(done: () => boolean, timeoutMs: number): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, timeoutMs);
    while (!done() && !this.#closed && !late) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(timer);
  }

  /** Takes the next whole answer off what was received. */
  #take(answers: Answer[], isHead: boolean): boolean {
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return false;
    const head = this.#received.toString("latin1", 0, headEnd);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
    const contentType = /^content-type: *(.*)$/im.exec(head)?.[1] ?? "";
    const body = isHead || status < FIRST_FINAL_STATUS ? { text: "", end: headEnd + 4 } : this.#body(head, headEnd + 4);
    if (body === undefined) return false;
    this.#received = this.#received.subarray(body.end);
    if (/^connection: *close$/im.test(head)) this.#isLast = true;
    if (status >= FIRST_FINAL_STATUS || status === 0) answers.push({ status, contentType, body: body.text });
    return true;
  }

  #body(head: string, start: number): { text: string; end: number } | undefined {
    if (/^transfer-encoding: *chunked$/im.test(head)) return this.#chunked(start);
    const end = start + Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? 0);
    return this.#received.length < end ? undefined : { text: this.#received.toString("utf8", start, end), end };
  }

  #chunked(start: number): { text: string; end: number } | undefined {
    let text = "";
    for (let at = start; ; ) {
      const lineEnd = this.#received.indexOf("\r\n", at);
      if (lineEnd < 0) return undefined;
      const size = Number.parseInt(this.#received.toString("latin1", at, lineEnd), 16);
      const end = lineEnd + 2 + size + 2;
      if (this.#received.length < end) return undefined;
      if (size === 0) return { text, end };
      text += this.#received.toString("utf8", lineEnd + 2, end - 2);
      at = end;
    }
  }
}
