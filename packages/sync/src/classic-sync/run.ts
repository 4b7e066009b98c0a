import type { EventId, RoomId, UserId } from "@croft/protocol";
import type { ReceiptRecord } from "@croft/storage";
import type { AccountData } from "../streams/account-data.ts";
import type { ToldMembers } from "./known-members.ts";
import type { SyncQuestion } from "./question.ts";

/** What the rooms of one reply have in common. */
export type Run = {
  readonly question: SyncQuestion;
  /** Where the client stands; 0: nowhere. */
  readonly after: number;
  readonly upTo: number;
  readonly ignored: ReadonlySet<UserId>;
  readonly accountData: AccountData;
  /** Of rooms the client knows. */
  readonly receipts: ReadonlyMap<RoomId, readonly ReceiptRecord[]>;
  /** Where typing changed. */
  readonly typingRooms: ReadonlySet<RoomId>;
  /** Member events the client has. */
  readonly known: ToldMembers;
  /** Those that go out with this reply. */
  readonly toldNow: Set<EventId>;
};
