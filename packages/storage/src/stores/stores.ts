import type { AccountDataReader, AccountDataStore } from "./account-data.ts";
import type { AccountReader, AccountStore } from "./accounts.ts";
import type { CrossSigningKeyReader, CrossSigningKeyStore } from "./cross-signing-keys.ts";
import type { DeviceKeyReader, DeviceKeyStore } from "./device-keys.ts";
import type { DeviceListReader, DeviceListStore } from "./device-lists.ts";
import type { DeviceReader, DeviceStore } from "./devices.ts";
import type { EventReader, EventStore } from "./events.ts";
import type { FilterReader, FilterStore } from "./filters.ts";
import type { InteractiveAuthReader, InteractiveAuthStore } from "./interactive-auth.ts";
import type { KeyBackupReader, KeyBackupStore } from "./key-backups.ts";
import type { MediaReader, MediaStore } from "./media.ts";
import type { MembershipReader, MembershipStore } from "./memberships.ts";
import type { MetaReader, MetaStore } from "./meta.ts";
import type { NotificationCountReader, NotificationCountStore } from "./notification-counts.ts";
import type { OneTimeKeyReader, OneTimeKeyStore } from "./one-time-keys.ts";
import type { PendingProfileReader, PendingProfileStore } from "./pending-profiles.ts";
import type { ProfileReader, ProfileStore } from "./profiles.ts";
import type { ReceiptReader, ReceiptStore } from "./receipts.ts";
import type { RegistrationTokenReader, RegistrationTokenStore } from "./registration-tokens.ts";
import type { RelationReader } from "./relations.ts";
import type { RoomAliasReader, RoomAliasStore } from "./room-aliases.ts";
import type { RoomDirectoryReader, RoomDirectoryStore } from "./room-directory.ts";
import type { RoomStateReader, RoomStateStore } from "./room-state.ts";
import type { RoomReader, RoomStore } from "./rooms.ts";
import type { SessionReader, SessionStore } from "./sessions.ts";
import type { ToDeviceReader, ToDeviceStore } from "./to-device.ts";

/** Every store there is, by noun, as a write transaction sees it. A package adds a line for each noun it brings. */
export interface Stores {
  readonly rooms: RoomStore;
  readonly events: EventStore;
  readonly roomState: RoomStateStore;
  readonly memberships: MembershipStore;
  readonly roomAliases: RoomAliasStore;
  readonly roomDirectory: RoomDirectoryStore;
  readonly pendingProfiles: PendingProfileStore;
  readonly receipts: ReceiptStore;
  readonly relations: RelationReader;
  readonly accountData: AccountDataStore;
  readonly accounts: AccountStore;
  readonly devices: DeviceStore;
  readonly filters: FilterStore;
  readonly interactiveAuth: InteractiveAuthStore;
  readonly media: MediaStore;
  readonly meta: MetaStore;
  readonly notificationCounts: NotificationCountStore;
  readonly profiles: ProfileStore;
  readonly registrationTokens: RegistrationTokenStore;
  readonly sessions: SessionStore;
  readonly crossSigningKeys: CrossSigningKeyStore;
  readonly deviceKeys: DeviceKeyStore;
  readonly deviceLists: DeviceListStore;
  readonly keyBackups: KeyBackupStore;
  readonly oneTimeKeys: OneTimeKeyStore;
  readonly toDevice: ToDeviceStore;
}

/** The same nouns outside a write. */
export interface Readers {
  readonly rooms: RoomReader;
  readonly events: EventReader;
  readonly roomState: RoomStateReader;
  readonly memberships: MembershipReader;
  readonly roomAliases: RoomAliasReader;
  readonly roomDirectory: RoomDirectoryReader;
  readonly pendingProfiles: PendingProfileReader;
  readonly receipts: ReceiptReader;
  readonly relations: RelationReader;
  readonly accountData: AccountDataReader;
  readonly accounts: AccountReader;
  readonly devices: DeviceReader;
  readonly filters: FilterReader;
  readonly interactiveAuth: InteractiveAuthReader;
  readonly media: MediaReader;
  readonly meta: MetaReader;
  readonly notificationCounts: NotificationCountReader;
  readonly profiles: ProfileReader;
  readonly registrationTokens: RegistrationTokenReader;
  readonly sessions: SessionReader;
  readonly crossSigningKeys: CrossSigningKeyReader;
  readonly deviceKeys: DeviceKeyReader;
  readonly deviceLists: DeviceListReader;
  readonly keyBackups: KeyBackupReader;
  readonly oneTimeKeys: OneTimeKeyReader;
  readonly toDevice: ToDeviceReader;
}
