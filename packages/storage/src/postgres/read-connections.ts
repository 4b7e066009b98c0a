import type pg from "pg";
import type { Row } from "../sql.ts";
import { Connection, type Query } from "./connection.ts";

const MAX_CONNECTIONS = 8;
/** So many queries on their way on every connection, and another one is opened. */
const BUSY = 8;

/** The connections for reads: as few as carry the load, each query to the least busy one. */
export class ReadConnections {
  readonly #url: string;
  #connections: Connection[] = [];
  #opening: Promise<Connection> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async query(query: Query): Promise<pg.QueryResult<Row>> {
    const connection = this.#leastBusy() ?? (await this.#open());
    return connection.query<Row>(query);
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await Promise.all(this.#connections.map((connection) => connection.end()));
  }

  #leastBusy(): Connection | undefined {
    let best: Connection | undefined;
    let lost = false;
    for (const connection of this.#connections) {
      if (connection.ended) lost = true;
      else if (!best || connection.outstanding < best.outstanding) best = connection;
    }
    if (lost) this.#connections = this.#connections.filter((connection) => !connection.ended);
    if (best && best.outstanding >= BUSY && this.#connections.length < MAX_CONNECTIONS) {
      // The queries at hand do not wait for it; a failure shows when no connection is left.
      this.#open().catch(() => {});
    }
    return best;
  }

  #open(): Promise<Connection> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<Connection> {
    const connection = new Connection({ url: this.#url, name: "croft reader" });
    try {
      await connection.connect();
    } catch (error) {
      await connection.end();
      throw error;
    }
    this.#connections.push(connection);
    return connection;
  }
}
