import type { TypingUsers } from "@croft/rooms";
import type { Clock } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { Notifier } from "../notifier/notifier.ts";
import type { KnownMembers } from "./known-members.ts";

/** What putting a reply together touches. */
export type AssembleDeps = {
  readonly storage: Storage<
    | "rooms"
    | "events"
    | "roomState"
    | "memberships"
    | "receipts"
    | "accountData"
    | "toDevice"
    | "deviceLists"
    | "oneTimeKeys"
    | "notificationCounts"
  >;
  readonly clock: Clock;
  readonly typing: TypingUsers;
  readonly notifier: Notifier;
  readonly knownMembers: KnownMembers;
};
