import type { DeviceId, RoomId, UserId } from "@croft/protocol";
import type { TypingUsers } from "@croft/rooms";
import type { Clock } from "@croft/runtime";
import type { Committed, Storage } from "@croft/storage";
import { Deadlines } from "./deadlines.ts";
import { JoinedRooms } from "./joined-rooms.ts";
import { deviceKey, RecentChanges } from "./recent-changes.ts";
import { WakePace } from "./wake-pace.ts";

export type NotifierDeps = {
  readonly storage: Storage<"memberships">;
  readonly typing: TypingUsers;
  readonly clock: Clock;
};

export type Waiting = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** What has been answered: the position in the stream, and the serial of typing. */
  readonly position: number;
  readonly typing: number;
  /** The clock's monotonic time. */
  readonly until: number;
  readonly signal: AbortSignal;
};

/** changed: something concerns the user · over: the time is, or the caller has left, or the server stops. */
export type WaitEnd = "changed" | "over";

const CHANGED: Promise<WaitEnd> = Promise.resolve("changed");
const OVER: Promise<WaitEnd> = Promise.resolve("over");

/** All that a waiting request holds. It is its own abort listener: a closure for each would cost more than it does. */
class Subscription {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly #signal: AbortSignal;
  readonly #ended: (subscription: Subscription, end: WaitEnd) => void;
  #resolve: (end: WaitEnd) => void = () => {};
  slot = 0;

  constructor({ userId, deviceId, signal }: Waiting, ended: (subscription: Subscription, end: WaitEnd) => void) {
    this.userId = userId;
    this.deviceId = deviceId;
    this.#signal = signal;
    this.#ended = ended;
  }

  wait(): Promise<WaitEnd> {
    this.#signal.addEventListener("abort", this);
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  handleEvent(): void {
    this.#ended(this, "over");
  }

  resolve(end: WaitEnd): void {
    this.#signal.removeEventListener("abort", this);
    this.#resolve(end);
  }
}

/** Who waits, and whom a commit concerns: a room's joined users, a user, one device. Nobody else is woken. */
export class Notifier {
  readonly recent: RecentChanges;
  readonly joinedRooms: JoinedRooms;
  readonly #deps: NotifierDeps;
  readonly #byUser = new Map<UserId, Set<Subscription>>();
  readonly #deadlines: Deadlines<Subscription>;
  readonly #pace: WakePace<Subscription>;
  readonly #unsubscribe: readonly (() => void)[];
  readonly #end = (subscription: Subscription, end: WaitEnd): void => {
    const { userId, slot } = subscription;
    const subscriptions = this.#byUser.get(userId);
    if (!subscriptions?.delete(subscription)) return;
    if (subscriptions.size === 0) this.#byUser.delete(userId);
    this.#deadlines.delete(subscription, slot);
    this.#pace.delete(subscription);
    subscription.resolve(end);
  };

  constructor(deps: NotifierDeps) {
    const { storage, typing, clock } = deps;
    this.#deps = deps;
    this.recent = new RecentChanges({ position: storage.position() });
    this.joinedRooms = new JoinedRooms({ storage, isWaiting: (userId) => this.#byUser.has(userId) });
    this.#deadlines = new Deadlines({ clock, onDue: (subscription) => this.#end(subscription, "over") });
    this.#pace = new WakePace({ clock, wake: (subscription) => this.#end(subscription, "changed") });
    this.#unsubscribe = [
      storage.onCommitted((committed) => this.#committed(committed)),
      typing.onChanged((roomId) => {
        this.#concernsRoom(roomId);
        this.#pace.flush();
      }),
    ];
  }

  /** How many requests wait. */
  get waiting(): number {
    let waiting = 0;
    for (const { size } of this.#byUser.values()) waiting += size;
    return waiting;
  }

  /** Resolves when there may be something new; at once if there is already. */
  wait(waiting: Waiting): Promise<WaitEnd> {
    if (waiting.signal.aborted) return OVER;
    if (this.#hasChanged(waiting)) return CHANGED;
    const subscription = new Subscription(waiting, this.#end);
    const { userId, until } = waiting;
    const subscriptions = this.#byUser.get(userId);
    if (subscriptions === undefined) this.#byUser.set(userId, new Set([subscription]));
    else subscriptions.add(subscription);
    subscription.slot = this.#deadlines.add(subscription, until);
    return subscription.wait();
  }

  /** Ends all waiting. */
  [Symbol.dispose](): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const subscriptions of [...this.#byUser.values()]) {
      for (const subscription of [...subscriptions]) this.#end(subscription, "over");
    }
    this.#pace[Symbol.dispose]();
    this.#deadlines[Symbol.dispose]();
  }

  /** Something may have been committed since the answer was made that is not to be waited with. */
  #hasChanged({ userId, deviceId, position, typing }: Waiting): boolean {
    const rooms = this.joinedRooms.known(userId);
    if (rooms === undefined) return true;
    const typed = this.#deps.typing.changedSince(typing);
    if (typed.some((roomId) => rooms.has(roomId))) return true;
    if (this.#deps.storage.position() === position) return false;
    const { recent } = this;
    if (recent.changed(userId, position) || recent.changed(deviceKey(userId, deviceId), position)) return true;
    for (const roomId of rooms.keys()) if (recent.changed(roomId, position)) return true;
    return !recent.reachesBack(position);
  }

  #committed({ position, touched }: Committed): void {
    for (const touch of touched) {
      if ("roomId" in touch) {
        this.recent.touched(touch.roomId, position);
        this.#concernsRoom(touch.roomId);
      } else if ("deviceId" in touch) {
        this.recent.touched(deviceKey(touch.userId, touch.deviceId), position);
        this.#concernsUser(touch.userId, touch.deviceId);
      } else {
        this.recent.touched(touch.userId, position);
        this.#concernsUser(touch.userId);
      }
    }
    this.#pace.flush();
  }

  #concernsRoom(roomId: RoomId): void {
    for (const userId of this.joinedRooms.users(roomId)) this.#concernsUser(userId);
  }

  #concernsUser(userId: UserId, deviceId?: DeviceId): void {
    const subscriptions = this.#byUser.get(userId);
    if (subscriptions === undefined) return;
    for (const subscription of subscriptions) {
      if (deviceId === undefined || subscription.deviceId === deviceId) this.#pace.add(subscription);
    }
  }
}
