import type { RoomId, UserId } from "@croft/protocol";
import type { AccountDataRecord, Storage } from "@croft/storage";
import type { SyncFilter } from "../filters/sync-filter.ts";
import type { Window } from "./window.ts";

export type AccountData = {
  readonly global: readonly AccountDataRecord[];
  readonly byRoom: ReadonlyMap<RoomId, readonly AccountDataRecord[]>;
};

/** https://spec.matrix.org/v1.19/client-server-api/#client-config */
export async function changedAccountData(
  { storage }: { readonly storage: Storage<"accountData"> },
  { userId, filter, window }: { readonly userId: UserId; readonly filter: SyncFilter; readonly window: Window },
): Promise<AccountData> {
  const global: AccountDataRecord[] = [];
  const byRoom = new Map<RoomId, AccountDataRecord[]>();
  for (const record of await storage.read.accountData.changedSince(userId, window.after, window.upTo)) {
    const { roomId } = record;
    if (roomId === undefined) {
      if (filter.accountData.matches(record)) global.push(record);
    } else if (filter.roomAccountData.allowsRoom(roomId) && filter.roomAccountData.matchesType(record.type)) {
      const records = byRoom.get(roomId);
      if (records === undefined) byRoom.set(roomId, [record]);
      else records.push(record);
    }
  }
  return { global, byRoom };
}

export const accountDataText = ({ type, content }: AccountDataRecord): string =>
  `{"content":${content},"type":${JSON.stringify(type)}}`;
