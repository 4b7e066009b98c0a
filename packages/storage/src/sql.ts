import type { EventId, RoomId, UserId } from "@croft/protocol";

/**
 * An identifier standing in a statement for the integer it is interned as. In a read an unknown one matches no row;
 * in a write it is given a number and a row of its own, in the same transaction.
 */
export type Interned =
  | { readonly intern: "user"; readonly id: UserId }
  | { readonly intern: "room"; readonly id: RoomId }
  /** An event must have been announced with `newEvent` in the same write, or be stored: otherwise the write fails. */
  | { readonly intern: "event"; readonly id: EventId }
  /** An event type, a receipt type, an account data type. */
  | { readonly intern: "type"; readonly id: string }
  /** A pair of event type and state key. */
  | { readonly intern: "stateKey"; readonly id: string };

/** A place in the one stream of all changes, known only once the write it belongs to is handed over. */
export interface Position {
  /** Throws while the write has not been handed over. */
  readonly value: number;
}

/** A list for `WHERE column ${anyOf([...])}`: `IN (…)` on one engine, `= ANY(…)` on the other. */
export type AnyOf = { readonly anyOf: readonly (string | number | Interned)[] };

export type SqlValue = string | number | bigint | null | Uint8Array | Interned | Position;

/** A row as it comes back: integers as numbers, bytes as Uint8Array, everything else as text. */
export type Row = { readonly [column: string]: string | number | null | Uint8Array };

/**
 * Reading with a tagged template. One text runs on both engines: `SELECT … WHERE room_num = ${room(roomId)}`.
 * Text that differs between the engines comes from `dialect`. Reads see the last commit.
 */
export interface ReadSql {
  all<R extends Row = Row>(text: TemplateStringsArray, ...values: readonly (SqlValue | AnyOf | RawSql)[]): Promise<R[]>;
  one<R extends Row = Row>(
    text: TemplateStringsArray,
    ...values: readonly (SqlValue | AnyOf | RawSql)[]
  ): Promise<R | undefined>;
  readonly dialect: Dialect;
}

/**
 * Writing collects: nothing has happened when `run` returns, and everything or nothing has when the surrounding
 * `storage.write` resolves. Reads beside it see the last commit, not what was collected.
 */
export interface WriteSql extends ReadSql {
  run(text: TemplateStringsArray, ...values: readonly (SqlValue | AnyOf | RawSql)[]): void;
  /** Like `run`, but the statement must touch exactly `rows` rows, or the whole use case is rolled back alone. */
  guard(rows: number): (text: TemplateStringsArray, ...values: readonly (SqlValue | AnyOf | RawSql)[]) => void;
  /** A new place in the stream; places of one write follow each other in the order of the calls. */
  nextPosition(): Position;
  /** Gives a new event its number, at once; asked again within the write, the same. */
  newEvent(eventId: EventId): number;
  /** Gives a number of a named counter, at once; numbers grow, and those of a failed write are not given again. */
  nextNumber(counter: "stateGroup" | "general"): number;
  /**
   * The numbers behind these, in their order and at once, for bytes that are made of numbers; what is unknown is given
   * a number and a row in this write, as in a statement; an unknown event as by `newEvent`.
   */
  numbersOf(values: readonly Interned[]): Promise<number[]>;
  /** Called once it is known whether this was committed, before `write` resolves: for what is kept in memory. */
  onSettled(effect: (committed: boolean) => void): void;
  /** Says whom to wake once this is committed. */
  touch(touched: Touched): void;
}

/** Whom a committed write concerns. */
export type Touched =
  | { readonly roomId: RoomId }
  | { readonly userId: UserId }
  | { readonly userId: UserId; readonly deviceId: string };

/** A piece of statement text that is not a value; made by `rawSql` from constants only, never from input. */
export type RawSql = { readonly rawSql: string };
export const rawSql = (text: string): RawSql => ({ rawSql: text });

/** A lone surrogate is stored as U+FFFD: memory must not tell apart what the database cannot. */
const stored = <Id extends string>(id: Id): Id => id.toWellFormed() as Id;

export const user = (id: UserId): Interned => ({ intern: "user", id: stored(id) });
export const room = (id: RoomId): Interned => ({ intern: "room", id: stored(id) });
export const event = (id: EventId): Interned => ({ intern: "event", id: stored(id) });
export const type = (id: string): Interned => ({ intern: "type", id: stored(id) });
/** `stateKeyPair` is the text that `protocol`'s state map uses as its key. */
export const stateKey = (stateKeyPair: string): Interned => ({ intern: "stateKey", id: stored(stateKeyPair) });
export const anyOf = (values: readonly (string | number | Interned)[]): AnyOf => ({ anyOf: values });

/** What differs between the engines, as text. */
export interface Dialect {
  readonly engine: "sqlite" | "postgres";
  /** Column types for migrations. */
  readonly int: "INTEGER" | "BIGINT";
  readonly blob: "BLOB" | "BYTEA";
  /** ` WITHOUT ROWID` where there is such a thing: for tables with a short composite primary key. */
  readonly withoutRowid: string;
}
