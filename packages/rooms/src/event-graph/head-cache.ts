import type { RoomId } from "@croft/protocol";
import { GuardFailed } from "@croft/storage";
import { bytesOf, type RoomHead } from "./room-head.ts";

type Entry = {
  readonly head: RoomHead;
  bytes: number;
  /** The room's lock is held and somebody builds on it. */
  open: boolean;
  /** How many writes were handed over, and how many of them are answered, which they are in order. */
  handedOver: number;
  answered: number;
  /** A write failed: what the head says never happened. */
  overtaken: boolean;
  /** Who waits until so many are answered. */
  readonly waiting: { readonly answered: number; readonly resume: () => void }[];
};

const isPending = ({ handedOver, answered }: Entry): boolean => answered < handedOver;

/**
 * The heads of warm rooms; when they hold more than `maxBytes`, those used longest ago leave. The store is the truth: a
 * head may be gone at any moment, unless writes built on it are under way, which only it knows of.
 */
export class HeadCache {
  readonly #maxBytes: number;
  readonly #load: (roomId: RoomId) => Promise<RoomHead | undefined>;
  /** In order of use, the latest last. */
  readonly #entries = new Map<RoomId, Entry>();
  #bytes = 0;

  constructor({ maxBytes, load }: { maxBytes: number; load: (roomId: RoomId) => Promise<RoomHead | undefined> }) {
    this.#maxBytes = maxBytes;
    this.#load = load;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The head with everything handed over; after a failed write that of the store, once all other writes are answered.
   * Under the room's lock, and followed by `close` before it is released.
   */
  async open(roomId: RoomId): Promise<RoomHead | undefined> {
    let entry = this.#entries.get(roomId);
    if (entry?.overtaken) {
      await this.#settled(entry);
      this.#remove(entry);
      entry = undefined;
    }
    if (entry === undefined) {
      const head = await this.#load(roomId);
      if (head === undefined) return undefined;
      this.keep(head);
      return head;
    }
    entry.open = true;
    this.#entries.delete(roomId);
    this.#entries.set(roomId, entry);
    return entry.head;
  }

  /** Takes up a head as opened that is not the store's yet: a new room's. */
  keep(head: RoomHead): void {
    const entry: Entry = {
      head,
      bytes: bytesOf(head),
      open: true,
      handedOver: 0,
      answered: 0,
      overtaken: false,
      waiting: [],
    };
    this.#entries.set(head.roomId, entry);
    this.#bytes += entry.bytes;
    this.#evict();
  }

  /** A write built on this head was handed over, and the head advanced by it. */
  handedOver(head: RoomHead): void {
    const entry = this.#entryOf(head);
    if (entry !== undefined) entry.handedOver++;
  }

  /** Nobody builds on it any more, for now. */
  close(head: RoomHead): void {
    const entry = this.#entryOf(head);
    if (entry === undefined) return;
    entry.open = false;
    const bytes = bytesOf(head);
    this.#bytes += bytes - entry.bytes;
    entry.bytes = bytes;
    this.#evict();
  }

  /** A write that was handed over is answered. What was built on one that failed fails too, by its guard. */
  answered(head: RoomHead, { committed }: { committed: boolean }): void {
    const entry = this.#entryOf(head);
    if (entry === undefined) return;
    entry.answered++;
    if (!committed) entry.overtaken = true;
    if (!isPending(entry) && entry.overtaken && !entry.open) this.#remove(entry);
    const { waiting } = entry;
    while (waiting[0] !== undefined && waiting[0].answered <= entry.answered) waiting.shift()?.resume();
  }

  /** Whether there was something to wait for: now all that was handed over before is answered. */
  async settled(head: RoomHead): Promise<boolean> {
    const entry = this.#entryOf(head);
    if (entry === undefined || !isPending(entry)) return false;
    await this.#settled(entry);
    return true;
  }

  /** Waits for the writes under way, not for later ones; throws `GuardFailed` if what the head said was overtaken. */
  async confirmed(head: RoomHead): Promise<void> {
    const entry = this.#entryOf(head);
    if (entry === undefined || !isPending(entry)) return;
    await this.#settled(entry);
    if (entry.overtaken) throw new GuardFailed();
  }

  /** Forgets a head nobody has built on. */
  drop(head: RoomHead): void {
    const entry = this.#entryOf(head);
    if (entry !== undefined && !isPending(entry)) this.#remove(entry);
  }

  async #settled(entry: Entry): Promise<void> {
    if (isPending(entry)) {
      await new Promise<void>((resume) => entry.waiting.push({ answered: entry.handedOver, resume }));
    }
  }

  #entryOf(head: RoomHead): Entry | undefined {
    const entry = this.#entries.get(head.roomId);
    return entry?.head === head ? entry : undefined;
  }

  #remove(entry: Entry): void {
    if (this.#entryOf(entry.head) === undefined) return;
    this.#entries.delete(entry.head.roomId);
    this.#bytes -= entry.bytes;
  }

  #evict(): void {
    if (this.#bytes <= this.#maxBytes) return;
    for (const entry of this.#entries.values()) {
      if (!entry.open && !isPending(entry)) this.#remove(entry);
      if (this.#bytes <= this.#maxBytes) return;
    }
  }
}
