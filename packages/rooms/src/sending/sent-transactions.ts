import type { DeviceId, EventId, UserId } from "@croft/protocol";
import type { OpenRoom } from "../event-graph/open-room.ts";

/**
 * What tells one sending from its repetition. https://spec.matrix.org/v1.19/client-server-api/#transaction-identifiers
 */
export type Transaction = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** The request's path as sent, without its query. */
  readonly path: string;
  readonly txnId: string;
};

/** A client repeats what it got no answer to, soon: further back the store knows. So many are remembered, or up to twice. */
const REMEMBERED = 5_000;

/**
 * The transactions under way and those answered last, so that a message sent for the first time costs no look into the
 * store. The store has the last word: its guard refuses a transaction that it knows.
 */
export class SentTransactions {
  #young = new Map<string, Promise<EventId>>();
  #old = new Map<string, Promise<EventId>>();

  /** Sends once; a repetition gets the first one's answer, even one still to come. A failure is not remembered. */
  once({ userId, deviceId, path }: Transaction, send: () => Promise<EventId>): Promise<EventId> {
    const key = keyOf({ userId, deviceId, path });
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known !== undefined) return known;
    const answer = send();
    if (this.#young.size >= REMEMBERED) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const answers = this.#young;
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  }

  /** What devices that are gone have sent tells nothing of what one that comes under the same id will send. */
  forget(userId: UserId, deviceIds: readonly DeviceId[]): void {
    const gone = deviceIds.map((deviceId) => keyOf({ userId, deviceId, path: "" }));
    for (const answers of [this.#young, this.#old]) {
      for (const key of answers.keys()) if (gone.some((device) => key.startsWith(device))) answers.delete(key);
    }
  }
}

const keyOf = ({ userId, deviceId, path }: Pick<Transaction, "userId" | "deviceId" | "path">): string =>
  `${userId}\0${deviceId}\0${path}`;

/**
 * Sends one event under a transaction: on a second attempt, which the guard on the transaction may have caused, the
 * event it was answered with before.
 */
export async function addOnce(
  room: OpenRoom,
  {
    transaction,
    now,
    sentBefore,
    add,
  }: {
    transaction: Transaction | undefined;
    now: number;
    sentBefore: (transaction: Transaction) => Promise<EventId | undefined>;
    add: () => Promise<EventId>;
  },
): Promise<EventId> {
  if (transaction === undefined) return add();
  if (room.attempt > 0) {
    const known = await sentBefore(transaction);
    if (known !== undefined) return known;
  }
  const eventId = await add();
  const { userId, deviceId, path } = transaction;
  room.write((tx) => tx.events.rememberTransaction({ userId, deviceId, path, eventId }, now));
  return eventId;
}
