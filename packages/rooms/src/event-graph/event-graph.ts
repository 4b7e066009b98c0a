import {
  badJson,
  checkAuth,
  type JsonObject,
  notFound,
  parseStateMapKey,
  type RoomId,
  type RoomVersion,
  roomIdOfCreate,
  type UserId,
  type Verify,
} from "@croft/protocol";
import { KeyedLock } from "@croft/runtime";
import { GuardFailed, type Storage, type StoreName, type Stores, type WriteTools } from "@croft/storage";
import type { NotificationJudge } from "../ports.ts";
import type { TypingUsers } from "../typing/typing-users.ts";
import { type BuildEventDeps, buildEvent } from "./build-event.ts";
import { collectReceipt } from "./collect-receipt.ts";
import { collectWrites } from "./collect-writes.ts";
import { HeadCache } from "./head-cache.ts";
import type { Judged, NotJudged } from "./judge-received.ts";
import { loadHead } from "./load-head.ts";
import { membershipIn } from "./membership-of.ts";
import { newHead } from "./new-head.ts";
import { OpenRoom, type OpenRoomDeps } from "./open-room.ts";
import { prepareReceipt, type ReceivedEvent } from "./receive-event.ts";
import { advance, type HeadChange, type RoomHead } from "./room-head.ts";
import { signatureChecks } from "./signature-checks.ts";

export type EventGraphDeps = BuildEventDeps & {
  readonly storage: Storage<StoreName>;
  readonly verify: Verify;
  readonly judge: NotificationJudge;
  /** Who leaves a room does not type there any more. */
  readonly typing?: Pick<TypingUsers, "stop">;
  /** How much memory the heads of warm rooms may take. */
  readonly maxHeadBytes?: number;
};

export type NewRoom = {
  readonly version: RoomVersion;
  readonly sender: UserId;
  /** Content of the create event. */
  readonly content: JsonObject;
  /** Makes an id for a room whose version does not take it from the create event. */
  readonly newRoomId: () => RoomId;
};

/** Decides what to add to a room; run anew when what it looked at was overtaken. */
export type Build<Result> = (room: OpenRoom) => Promise<Result>;

/**
 * The one place where rooms grow. A use case gets the room as its lock finds it and adds events; they are written in one
 * transaction. The next use case builds on them as soon as the writes are handed over, while the reply waits for the
 * commit: should that fail, what was built on it is refused by the guard on the room's extremities and built again.
 */
export interface EventGraph {
  /** Throws `M_NOT_FOUND` for a room this server does not know, and whatever `build` throws: nothing is written then. */
  append<Result>(roomId: RoomId, build: Build<Result>): Promise<Result>;
  /** Makes a room of its create event and what `build` adds, all or nothing. */
  create<Result>(room: NewRoom, build: Build<Result>): Promise<Result>;
  /**
   * Takes in an event from elsewhere whose format, hash and signatures were checked: rejected and soft-failed ones are kept
   * out of what clients see, and are no errors. Nothing is written of one that is known, or lacks the events it names.
   * Throws `M_NOT_FOUND` for a room this server does not know.
   */
  receive(roomId: RoomId, received: ReceivedEvent): Promise<Received>;
  /** How many rooms' heads are in memory. */
  readonly warmRooms: number;
}

export type Received = NotJudged | Pick<Judged, "outcome" | "reason">;

const DEFAULT_HEAD_BYTES = 64 * 1024 * 1024;
/** How often an append starts over because what it built on was not committed. */
const MAX_ATTEMPTS = 8;

type Collect = (tx: Stores & WriteTools) => Promise<HeadChange | undefined>;

/** An attempt whose lock is released: the promise inside waits for the commit. */
type Attempt<Result> = { readonly ended: Promise<Result> };

export function createEventGraph(deps: EventGraphDeps): EventGraph {
  const { storage, clock, serverName, verify, sha256 } = deps;
  const lock = new KeyedLock<RoomId>();
  const heads = new HeadCache({
    maxBytes: deps.maxHeadBytes ?? DEFAULT_HEAD_BYTES,
    load: (roomId) => loadHead(deps, roomId),
  });
  const openRoomDeps: OpenRoomDeps = {
    ...deps,
    signatures: signatureChecks({ signedBy: (server) => server === serverName, verify }),
    settled: (head) => heads.settled(head),
  };
  const receiveDeps = { ...deps, signatures: signatureChecks({ signedBy: () => true, verify }) };
  let lastCreation = 0;

  function stopTyping(roomId: RoomId, { state }: HeadChange): void {
    for (const [key, known] of state) {
      const [type, stateKey] = parseStateMapKey(key);
      if (type === "m.room.member" && membershipIn(known?.pdu) !== "join")
        deps.typing?.stop(roomId, stateKey as UserId);
    }
  }

  /** Resolves once the writes are handed over and the head is advanced by them, with the commit still to come. */
  async function handOver(head: RoomHead, collect: Collect): Promise<Attempt<void>> {
    const { promise: handedOver, resolve } = Promise.withResolvers<void>();
    let isHandedOver = false;
    let change: HeadChange | undefined;
    const written = storage.write(
      async (tx: Stores & WriteTools) => {
        change = await collect(tx);
      },
      {
        reruns: 0,
        onHandedOver: () => {
          if (change !== undefined) advance(head, change);
          heads.handedOver(head);
          isHandedOver = true;
          resolve();
        },
      },
    );
    const committed = written.then(
      () => {
        heads.answered(head, { committed: true });
        if (change !== undefined) stopTyping(head.roomId, change);
      },
      (error: unknown) => {
        if (isHandedOver) heads.answered(head, { committed: false });
        resolve();
        throw error;
      },
    );
    await handedOver;
    return released(committed);
  }

  /** With the lock held and the head open. */
  async function build<Result>(head: RoomHead, room: OpenRoom, decide: Build<Result>): Promise<Attempt<Result>> {
    try {
      const result = await decide(room);
      const isEmpty = room.staged.length === 0 && room.alongside.length === 0;
      const { ended } = isEmpty
        ? released(heads.confirmed(head))
        : await handOver(head, (tx) => collectWrites(tx, { head, room }));
      return released(ended.then(() => result));
    } catch (error) {
      if (head.extremities.length === 0) heads.drop(head);
      // What was refused was refused for what is perhaps not committed yet, and never may be.
      return released(
        heads.confirmed(head).then(() => {
          throw error;
        }),
      );
    } finally {
      heads.close(head);
    }
  }

  async function append<Result>(roomId: RoomId, decide: Build<Result>): Promise<Result> {
    return untilCommitted((attempt) =>
      lock.run(roomId, async () => {
        const head = await heads.open(roomId);
        if (head === undefined) throw notFound("Unknown room");
        return build(head, new OpenRoom(openRoomDeps, { head, attempt }), decide);
      }),
    );
  }

  async function receive(roomId: RoomId, received: ReceivedEvent): Promise<Received> {
    return untilCommitted(() =>
      lock.run(roomId, async (): Promise<Attempt<Received>> => {
        const head = await heads.open(roomId);
        if (head === undefined) throw notFound("Unknown room");
        try {
          await heads.confirmed(head);
          const receipt = await prepareReceipt(receiveDeps, { head, ...received });
          if ("outcome" in receipt) return { ended: Promise.resolve(receipt) };
          const { outcome, reason } = receipt.judged;
          const { ended } = await handOver(head, (tx) => collectReceipt(tx, { head, receipt }));
          return released(ended.then(() => ({ outcome, reason })));
        } finally {
          heads.close(head);
        }
      }),
    );
  }

  /** No two create events of one moment: from version 12 they could make the same room id. */
  function creationTime(): number {
    lastCreation = Math.max(clock.now(), lastCreation + 1);
    return lastCreation;
  }

  async function create<Result>(newRoom: NewRoom, decide: Build<Result>): Promise<Result> {
    const { version, sender, content } = newRoom;
    const draft = { type: "m.room.create", stateKey: "", sender, content };
    return untilCommitted(async (attempt) => {
      const { pdu, eventId } = buildEvent(deps, {
        draft,
        version,
        roomId: version.roomIdIsCreateHash ? undefined : newRoom.newRoomId(),
        prevEvents: [],
        authEvents: [],
        originServerTs: creationTime(),
      });
      const { signatures } = openRoomDeps;
      const authState = () => undefined;
      const verdict = checkAuth({ version, event: pdu, authState, createEventId: undefined, signatures });
      if (!verdict.allowed) throw badJson(verdict.reason);

      const roomId = roomIdOfCreate(pdu, version, sha256);
      const head = newHead({ roomId, version, create: pdu, createEventId: eventId });
      return lock.run(roomId, async () => {
        heads.keep(head);
        return build(head, new OpenRoom(openRoomDeps, { head, attempt }), async (room) => {
          await room.stage({ pdu, eventId, draft, prevEvents: [] });
          return decide(room);
        });
      });
    });
  }

  return {
    append,
    create,
    receive,
    get warmRooms() {
      return heads.size;
    },
  };
}

/** It is awaited once the lock is released: until then a failure must not count as one nobody handles. */
function released<Result>(ended: Promise<Result>): Attempt<Result> {
  ended.catch(() => {});
  return { ended };
}

async function untilCommitted<Result>(run: (attempt: number) => Promise<Attempt<Result>>): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await run(attempt)).ended;
    } catch (error) {
      if (!(error instanceof GuardFailed) || attempt + 1 >= MAX_ATTEMPTS) throw error;
    }
  }
}
