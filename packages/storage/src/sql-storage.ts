import type { Logger } from "@croft/runtime";
import type { EngineCounts, Outcome } from "./engine.ts";
import { bindWrite, type HandedOver, type HandOverDeps, loadForWrite } from "./hand-over.ts";
import type { Position, ReadSql, Touched, WriteSql } from "./sql.ts";
import { SqlReader } from "./sql-reader.ts";
import { type Committed, GuardFailed, StorageUnavailable, type WriteOptions, type WriteTools } from "./storage.ts";
import { WriteCollector } from "./write-collector.ts";

/** How to make each store. A store that writes gets the reader of its noun, which lives as long as the storage. */
export type StoreFactories<Readers extends object, Stores extends { [N in keyof Readers]: object }> = {
  readonly readers: { readonly [N in keyof Readers]: (sql: ReadSql) => Readers[N] };
  readonly stores: { readonly [N in keyof Readers]: (sql: WriteSql, reader: Readers[N]) => Stores[N] };
};

export type StorageMetrics = EngineCounts & {
  /** Use cases on their way to the disk. */
  readonly inFlight: number;
  /** Use cases committed, and how often one ran again for a failed guard. */
  readonly written: number;
  readonly reruns: number;
  /** The most use cases that one commit has carried. */
  readonly largestGroup: number;
};

type InFlight = HandedOver & { readonly touched: readonly Touched[]; readonly ended: (outcome: Outcome) => void };

/** Of those who change the same thing at once one gets through each time, so that many may. */
const DEFAULT_RERUNS = 50;

/** `Storage` over an engine, whatever the nouns are. */
export class SqlStorage<Readers extends object, Stores extends { [N in keyof Readers]: object }> {
  readonly read: Readers;
  readonly #deps: HandOverDeps & { readonly logger: Logger };
  readonly #reader: SqlReader;
  readonly #Transaction: new (
    sql: WriteSql,
  ) => object;
  readonly #inFlight: InFlight[] = [];
  readonly #listeners = new Set<(committed: Committed) => void>();
  readonly #counts = { written: 0, reruns: 0, largestGroup: 0 };
  #position: number;
  #closed = false;
  /** The last group was refused by the machine. */
  #refusing = false;
  /** So was health said to be when it was last asked for. */
  #unhealthy = false;

  constructor({
    factories,
    position,
    ...deps
  }: HandOverDeps & {
    readonly factories: StoreFactories<Readers, Stores>;
    readonly logger: Logger;
    /** Up to where everything is committed. */
    readonly position: number;
  }) {
    this.#deps = deps;
    this.#position = position;
    this.#reader = new SqlReader(deps);
    const readers: { [noun: string]: unknown } = {};
    for (const noun in factories.readers) readers[noun] = factories.readers[noun](this.#reader);
    this.read = readers as Readers;
    this.#Transaction = transactionClass(factories, this.read);
  }

  async write<Result>(
    useCase: (tx: Stores & WriteTools) => Promise<Result>,
    { reruns = DEFAULT_RERUNS, onHandedOver }: WriteOptions = {},
  ): Promise<Result> {
    for (let run = 0; ; run++) {
      if (this.#closed) throw new StorageUnavailable("the storage is closed");
      const collector = new WriteCollector({ ...this.#deps, reader: this.#reader });
      let result: Result;
      let outcome: Outcome;
      try {
        result = await useCase(new this.#Transaction(collector) as Stores & WriteTools);
        outcome = await this.#handOver(collector, onHandedOver);
      } catch (error) {
        if (!collector.settled) collector.settle(false);
        throw error;
      }
      if (outcome === "committed") return result;
      if (outcome !== "guardFailed") throw outcome;
      if (run === reruns) throw new GuardFailed();
      this.#counts.reruns++;
    }
  }

  position(): number {
    return this.#position;
  }

  onCommitted(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The engine's answer for the oldest writes on their way. */
  groupEnded(outcomes: readonly Outcome[]): void {
    const ended = this.#inFlight.splice(0, outcomes.length);
    const touched: Touched[] = [];
    let committed = 0;
    ended.forEach((write, index) => {
      const success = outcomes[index] === "committed";
      this.#guarded("an effect of a write failed", () => write.settle(success));
      if (write.position > this.#position) this.#position = write.position;
      if (!success) return;
      committed++;
      for (const one of write.touched) touched.push(one);
    });
    this.#tellRefusal(outcomes.find((outcome) => outcome instanceof StorageUnavailable));
    this.#counts.written += committed;
    this.#counts.largestGroup = Math.max(this.#counts.largestGroup, committed);
    if (committed > 0) this.#announce(touched);
    ended.forEach((write, index) => {
      write.ended(outcomes[index] ?? new StorageUnavailable("the write was not answered"));
    });
  }

  /** Undefined when reads and writes work, else one sentence for whoever asks. After a refused write it tries one itself. */
  async health(): Promise<string | undefined> {
    if (this.#closed) return "The storage is closed.";
    const lack = (await this.#deps.engine.health()) ?? (this.#refusing ? await this.#probe() : undefined);
    if (lack && !this.#unhealthy) this.#deps.logger.error({ reason: lack.message }, "the database is not healthy");
    this.#unhealthy = lack !== undefined;
    return lack?.forCallers;
  }

  /** Writes a row that means nothing; why that failed, if it did. */
  async #probe(): Promise<StorageUnavailable | undefined> {
    const probe = new WriteCollector({ ...this.#deps, reader: this.#reader });
    probe.run`INSERT INTO counters (name, reserved) VALUES ('probe', 1)
      ON CONFLICT (name) DO UPDATE SET reserved = counters.reserved + 1`;
    const outcome = await this.#handOver(probe, undefined);
    if (outcome instanceof StorageUnavailable) return outcome;
    return outcome instanceof Error ? new StorageUnavailable(outcome.message, "Nothing can be stored.") : undefined;
  }

  metrics(): StorageMetrics {
    return { ...this.#deps.engine.counts, ...this.#counts, inFlight: this.#inFlight.length };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#deps.engine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #handOver(collector: WriteCollector, onHandedOver: (() => void) | undefined): Promise<Outcome> {
    collector.seal();
    if (collector.isEmpty) {
      collector.settle(true);
      onHandedOver?.();
      if (collector.touched.length > 0) this.#announce(collector.touched);
      return "committed";
    }
    const loading = loadForWrite(this.#deps, collector);
    const loaded = loading && (await loading);
    if (this.#closed) throw new StorageUnavailable("the storage is closed");
    const handedOver = bindWrite(this.#deps, collector, loaded);
    const { promise, resolve: ended } = Promise.withResolvers<Outcome>();
    onHandedOver?.();
    this.#inFlight.push({ ...handedOver, touched: collector.touched, ended });
    this.#deps.engine.submit(handedOver.writes);
    return promise;
  }

  /** Says so once when writes begin to be refused, and once when they no longer are. */
  #tellRefusal(refusal: StorageUnavailable | undefined): void {
    const { logger } = this.#deps;
    if (refusal && !this.#refusing) logger.error({ reason: refusal.message }, "the database refuses writes");
    if (!refusal && this.#refusing) logger.info({}, "the database takes writes again");
    this.#refusing = refusal !== undefined;
  }

  #announce(touched: readonly Touched[]): void {
    const committed = { position: this.#position, touched };
    for (const listener of this.#listeners) this.#guarded("a listener to commits failed", () => listener(committed));
  }

  /** What others do at a commit must not keep it from being answered. */
  #guarded(failure: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#deps.logger.error({ err: error }, failure);
    }
  }
}

/** What a use case sees: each store made when it is first asked for. */
function transactionClass<Readers extends object, Stores extends { [N in keyof Readers]: object }>(
  factories: StoreFactories<Readers, Stores>,
  readers: Readers,
): new (
  sql: WriteSql,
) => object {
  class Transaction {
    readonly #sql: WriteSql;
    readonly #made = new Map<string, unknown>();

    constructor(sql: WriteSql) {
      this.#sql = sql;
    }

    touch(touched: Touched): void {
      this.#sql.touch(touched);
    }

    nextPosition(): Position {
      return this.#sql.nextPosition();
    }

    store(noun: string, make: (sql: WriteSql) => unknown): unknown {
      let store = this.#made.get(noun);
      if (!store) {
        store = make(this.#sql);
        this.#made.set(noun, store);
      }
      return store;
    }
  }
  for (const noun in factories.stores) {
    const make = (sql: WriteSql) => factories.stores[noun](sql, readers[noun]);
    Object.defineProperty(Transaction.prototype, noun, {
      get(this: Transaction) {
        return this.store(noun, make);
      },
    });
  }
  return Transaction;
}
