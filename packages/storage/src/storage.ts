import type { Position, Touched } from "./sql.ts";
import type { Readers, Stores } from "./stores/stores.ts";

export type StoreName = keyof Stores;

/**
 * What a package may touch: `Storage<"receipts" | "memberships">` names the stores it opens.
 * `write` is the only way to write. The use case decides from the last commit and collects its writes; when its promise
 * resolves they are handed over to the one writer, which puts whatever waits into one transaction, and `write` resolves
 * once that is on disk. A guard that fails rolls back this use case alone and runs it again. Order of handing over is
 * order of positions and of commit.
 */
export interface Storage<Names extends StoreName> {
  readonly read: Pick<Readers, Names>;
  write<Result>(
    useCase: (tx: Pick<Stores, Names> & WriteTools) => Promise<Result>,
    options?: WriteOptions,
  ): Promise<Result>;
  /** The position up to which everything is committed and readable; what a sync that answers now may include. */
  position(): number;
  /** Called after each commit group, in order, with all that was touched. Returns the unsubscription. */
  onCommitted(listener: (committed: Committed) => void): () => void;
}

export type WriteTools = {
  /** Says whom to wake once this is committed. */
  touch(touched: Touched): void;
  /** A new place in the stream, for the stores that take one; places follow each other in the order of the calls. */
  nextPosition(): Position;
};

export type Committed = { readonly position: number; readonly touched: readonly Touched[] };

export type WriteOptions = {
  /** How often a failed guard runs the use case again before `GuardFailed` is thrown; default 50. */
  readonly reruns?: number;
  /** Called synchronously when the writes are handed over: positions are known, the commit is still to come. */
  readonly onHandedOver?: () => void;
};

/** What had to hold at commit did not: somebody else was first, each time it was tried. */
export class GuardFailed extends Error {
  constructor() {
    super("a guarded write was overtaken");
  }
}

/**
 * The disk is full or cannot be written, or the database is out of reach; nothing of the write was kept, unless the
 * message says that this is unknown. `message` is for the operator; callers get a 503 `M_UNKNOWN` with `forCallers`.
 */
export class StorageUnavailable extends Error {
  /** The same without addresses, names of roles and the words of a database server. */
  readonly forCallers: string;

  constructor(message: string, forCallers: string = message) {
    super(message);
    this.forCallers = forCallers;
  }
}
