import type { RoomId, UserId } from "@croft/protocol";
import { PUSH_RULES_TYPE, pushRulesContent } from "@croft/push";
import type { AccountDataRecord, Storage } from "@croft/storage";
import type { SyncFilter } from "../filters/sync-filter.ts";
import type { Window } from "./window.ts";

export type AccountData = {
  /** As clients get it. */
  readonly global: readonly AccountDataEvent[];
  readonly byRoom: ReadonlyMap<RoomId, readonly AccountDataEvent[]>;
};

export type AccountDataEvent = Pick<AccountDataRecord, "type" | "content">;

export type AccountDataArgs = {
  readonly userId: UserId;
  readonly filter: SyncFilter;
  readonly window: Window;
  /** The client knows nothing yet: it is told the default push rules of a user who has changed none. */
  readonly isFirst?: boolean;
};

/** https://spec.matrix.org/v1.19/client-server-api/#client-config */
export async function changedAccountData(
  { storage }: { readonly storage: Storage<"accountData"> },
  { userId, filter, window, isFirst = false }: AccountDataArgs,
): Promise<AccountData> {
  const records = await storage.read.accountData.changedSince(userId, window.after, window.upTo);
  const byRoom = new Map<RoomId, AccountDataEvent[]>();
  const global: AccountDataEvent[] = [];
  for (const record of records) {
    const { roomId, type } = record;
    if (roomId === undefined) {
      if (type !== PUSH_RULES_TYPE && filter.accountData.matches(record)) global.push(record);
    } else if (filter.roomAccountData.allowsRoom(roomId) && filter.roomAccountData.matchesType(type)) {
      const inRoom = byRoom.get(roomId);
      if (inRoom === undefined) byRoom.set(roomId, [record]);
      else inRoom.push(record);
    }
  }
  const kept = records.find(({ roomId, type }) => roomId === undefined && type === PUSH_RULES_TYPE);
  if ((kept !== undefined || isFirst) && filter.accountData.matches({ type: PUSH_RULES_TYPE })) {
    global.push({ type: PUSH_RULES_TYPE, content: pushRulesContent(userId, kept?.content) });
  }
  return { global, byRoom };
}

export const accountDataText = ({ type, content }: AccountDataEvent): string =>
  `{"content":${content},"type":${JSON.stringify(type)}}`;
