import type { RoomId } from "@croft/protocol";
import { ignoredUsers, receiptsChanged } from "@croft/rooms";
import type { MembershipRecord, ReceiptRecord } from "@croft/storage";
import { type AccountData, changedAccountData } from "../streams/account-data.ts";
import type { RoomChanges } from "../streams/memberships.ts";
import { type JoinedView, joinedRoomText } from "./joined-room.ts";
import { leftRoomText } from "./left-room.ts";
import type { SyncQuestion } from "./question.ts";
import { loadChunk } from "./room-chunk.ts";
import type { Run } from "./run.ts";
import type { AssembleDeps } from "./sync-deps.ts";

/** Rooms that are read together; after as many the event loop serves others. */
const CHUNK = 25;

export type RoomsArgs = {
  readonly question: SyncQuestion;
  readonly changes: RoomChanges;
  readonly accountData: AccountData;
  /** Where typing changed. */
  readonly typingRooms: ReadonlySet<RoomId>;
};

/** The inside of `rooms`; empty where nothing happened in any of them. */
export async function roomsText(deps: AssembleDeps, args: RoomsArgs): Promise<string> {
  const { question, changes } = args;
  const { filter, userId } = question;
  const receipts = await receiptsInOldRooms(deps, args);
  const views = viewsOf(args, receipts);
  const allowed = (records: readonly MembershipRecord[]) => records.filter(({ roomId }) => filter.allowsRoom(roomId));
  const [invited, knocked, left] = [allowed(changes.invited), allowed(changes.knocked), allowed(changes.left)];
  if (views.length + invited.length + knocked.length + left.length === 0) return "";

  const after = question.since?.position ?? 0;
  const { upTo } = changes;
  const run: Run = {
    question,
    after,
    upTo,
    ignored: await ignoredUsers(deps, userId),
    accountData: await withNewRooms(deps, args),
    receipts,
    typingRooms: args.typingRooms,
    known: deps.knownMembers.of(userId, question.deviceId, after),
    toldNow: new Set(),
  };
  const joinTexts = await inChunks(views, async (some) => {
    const chunk = await loadChunk(deps, run, some);
    return Promise.all(some.map((view) => joinedRoomText(deps, run, { view, chunk })));
  });
  const leaveTexts = await inChunks(left, (some) => Promise.all(some.map((record) => leftRoomText(deps, run, record))));
  if (filter.lazyLoadMembers) run.known.told(run.toldNow, upTo);

  const heard = invited.filter(({ sender }) => !run.ignored.has(sender));
  return [
    section("join", joinTexts),
    section(
      "invite",
      heard.map((record) => strippedText(record, "invite_state")),
    ),
    section(
      "knock",
      knocked.map((record) => strippedText(record, "knock_state")),
    ),
    section("leave", leaveTexts),
  ]
    .filter((text) => text !== "")
    .join(",");
}

const section = (name: string, texts: readonly string[]): string =>
  texts.length === 0 ? "" : `"${name}":{${texts.join(",")}}`;

/** https://spec.matrix.org/v1.19/client-server-api/#stripped-state */
const strippedText = ({ roomId, strippedState }: MembershipRecord, name: "invite_state" | "knock_state"): string =>
  `${JSON.stringify(roomId)}:{"${name}":{"events":${strippedState ?? "[]"}}}`;

/** A private receipt touches its user alone: then it may be in any of their rooms. */
async function receiptsInOldRooms(
  deps: AssembleDeps,
  { question: { userId, since }, changes }: RoomsArgs,
): Promise<ReadonlyMap<RoomId, readonly ReceiptRecord[]>> {
  const roomIds = changes.userTouched ? changes.oldRooms : changes.touchedRooms;
  return receiptsChanged(deps, { roomIds, after: since?.position ?? 0, upTo: changes.upTo, forUser: userId });
}

/** Rooms new to the client come whole; of the others those where something may have happened. */
function viewsOf(
  { question, changes, accountData, typingRooms }: RoomsArgs,
  receipts: ReadonlyMap<RoomId, unknown>,
): JoinedView[] {
  const { since, fullState, filter } = question;
  const after = since?.position ?? 0;
  const views: JoinedView[] = changes.newRooms.map((roomId) => ({ roomId, after: 0, whole: true }));
  const others = new Set(fullState ? changes.oldRooms : changes.touchedRooms);
  const concerned = [...accountData.byRoom.keys(), ...typingRooms, ...receipts.keys()];
  if (concerned.length > 0) {
    const old = new Set(changes.oldRooms);
    for (const roomId of concerned) if (old.has(roomId)) others.add(roomId);
  }
  for (const roomId of others) views.push({ roomId, after, whole: fullState });
  return views.filter(({ roomId }) => filter.allowsRoom(roomId));
}

/** To a room that is new to the client belongs what the user kept there long ago. */
async function withNewRooms(deps: AssembleDeps, { question, changes, accountData }: RoomsArgs): Promise<AccountData> {
  const { since, userId, filter } = question;
  if (since === undefined || changes.newRooms.length === 0) return accountData;
  const all = await changedAccountData(deps, { userId, filter, window: { after: 0, upTo: changes.upTo } });
  const byRoom = new Map(accountData.byRoom);
  for (const roomId of changes.newRooms) {
    const records = all.byRoom.get(roomId);
    if (records !== undefined) byRoom.set(roomId, records);
  }
  return { global: accountData.global, byRoom };
}

/** The texts there are, in order. */
async function inChunks<Item>(
  items: readonly Item[],
  read: (some: readonly Item[]) => Promise<readonly (string | undefined)[]>,
): Promise<string[]> {
  const texts: string[] = [];
  for (let start = 0; start < items.length; start += CHUNK) {
    if (start > 0) await new Promise(setImmediate);
    for (const text of await read(items.slice(start, start + CHUNK))) if (text !== undefined) texts.push(text);
  }
  return texts;
}
