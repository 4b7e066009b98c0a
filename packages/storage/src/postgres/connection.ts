import { Socket } from "node:net";
import pg from "pg";
import { rowTypes } from "./values.ts";

export type Query = { readonly name?: string; readonly text: string; readonly values?: unknown[] };

const CONNECT_TIMEOUT_MS = 5_000;

/** A connection that sends queries without waiting for earlier answers, those of one tick in one packet. */
export class Connection {
  readonly #client: pg.Client;
  readonly #socket = new Socket();
  #outstanding = 0;
  #corked = false;
  #ended = false;

  constructor({ url, name }: { url: string; name: string }) {
    this.#client = new pg.Client({
      connectionString: url,
      types: rowTypes,
      pipeline: true,
      application_name: name,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      stream: () => this.#socket,
    });
    // What a lost connection was carrying fails; one that carried nothing is replaced before it is used again.
    this.#client.on("error", () => {
      this.#ended = true;
    });
    this.#client.on("end", () => {
      this.#ended = true;
    });
  }

  /** Queries on their way. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Of no more use. */
  get ended(): boolean {
    return this.#ended;
  }

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  async query<R extends pg.QueryResultRow>(query: Query): Promise<pg.QueryResult<R>> {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#outstanding++;
    try {
      return await this.#client.query<R>(query);
    } finally {
      this.#outstanding--;
    }
  }

  /** Ends it; what is on its way is answered first if the server still can. */
  async end(): Promise<void> {
    await this.#client.end().catch(() => {});
  }
}
