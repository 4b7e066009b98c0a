import type { SignedUp } from "../../packages/testkit/src/sign-up.ts";

export type Room = { readonly roomId: string; readonly sender: SignedUp };

/** Who lives on the server that is killed: two who send, one who receives to-device messages and claims keys. */
export type World = {
  readonly rooms: readonly Room[];
  readonly alice: SignedUp;
  readonly bob: SignedUp;
  readonly carol: SignedUp;
};

/** A value that is set again and again: what was last acknowledged, and what was asked for since without an answer. */
export class Register {
  acknowledged: string | undefined;
  readonly unanswered = new Set<string>();

  asked(value: string): void {
    this.unanswered.add(value);
  }

  answered(value: string): void {
    this.acknowledged = value;
    this.unanswered.clear();
  }

  /** Whether the server may have this value. What it shows, it has promised. */
  allows(value: string | undefined): boolean {
    if (value === this.acknowledged) return true;
    if (value === undefined || !this.unanswered.has(value)) return false;
    this.answered(value);
    return true;
  }
}

/** What the server has promised so far, seen from its clients. */
export class Ledger {
  /** Events by the transaction id that is also their body: the event id, or undefined while unanswered. */
  readonly events = new Map<string, { readonly room: Room; eventId: string | undefined }>();
  /** To-device messages by their number. */
  readonly messages = new Map<string, "unanswered" | "acknowledged">();
  /** What carol's device was given, in order, and how far it has read. */
  readonly received: string[] = [];
  since: string | undefined;
  /** By room: the newest event that is known to be later than those before it in this map. */
  readonly latest = new Map<string, string>();
  /** By room: where alice has read up to. */
  readonly receipts = new Map<string, Register>();
  readonly accountData = new Register();
  readonly uploadedKeys = new Map<string, "unanswered" | "acknowledged">();
  readonly claimedKeys: string[] = [];
  /** Claims that may have taken a key without telling. */
  unansweredClaims = 0;
  #serial = 0;

  /** A name never used before. */
  next(prefix: string): string {
    return `${prefix}${this.#serial++}`;
  }

  summary(): string {
    const { events, messages, uploadedKeys, claimedKeys } = this;
    return `${events.size} events, ${messages.size} to-device messages, ${claimedKeys.length} of ${uploadedKeys.size} keys claimed`;
  }

  receipt(roomId: string): Register {
    const known = this.receipts.get(roomId) ?? new Register();
    this.receipts.set(roomId, known);
    return known;
  }
}
