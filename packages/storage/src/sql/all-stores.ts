import type { StoreFactories } from "../sql-storage.ts";
import { StateMemory } from "../state-groups/state-memory.ts";
import type { Readers, Stores } from "../stores/stores.ts";
import { EventCache } from "./event-cache.ts";
import { KeysOnTheirWay } from "./keys-on-their-way.ts";
import { sqlMetaReader, sqlMetaStore } from "./meta.ts";
import { sqlAccountDataReader, sqlAccountDataStore } from "./sql-account-data-store.ts";
import { sqlAccountReader, sqlAccountStore } from "./sql-account-store.ts";
import { sqlCrossSigningKeyReader, sqlCrossSigningKeyStore } from "./sql-cross-signing-key-store.ts";
import { sqlDeviceKeyReader, sqlDeviceKeyStore } from "./sql-device-key-store.ts";
import { sqlDeviceListReader, sqlDeviceListStore } from "./sql-device-list-store.ts";
import { sqlDeviceReader, sqlDeviceStore } from "./sql-device-store.ts";
import { sqlEventReader } from "./sql-event-reader.ts";
import { sqlEventStore } from "./sql-event-store.ts";
import { sqlFilterReader, sqlFilterStore } from "./sql-filter-store.ts";
import { sqlInteractiveAuthReader, sqlInteractiveAuthStore } from "./sql-interactive-auth-store.ts";
import { sqlKeyBackupReader, sqlKeyBackupStore } from "./sql-key-backup-store.ts";
import { sqlMediaReader, sqlMediaStore } from "./sql-media-store.ts";
import { sqlMembershipReader } from "./sql-membership-reader.ts";
import { sqlMembershipStore } from "./sql-membership-store.ts";
import { sqlNotificationCountReader, sqlNotificationCountStore } from "./sql-notification-count-store.ts";
import { sqlOneTimeKeyReader, sqlOneTimeKeyStore } from "./sql-one-time-key-store.ts";
import { sqlPendingProfileReader, sqlPendingProfileStore } from "./sql-pending-profile-store.ts";
import { sqlProfileReader, sqlProfileStore } from "./sql-profile-store.ts";
import { sqlReceiptReader, sqlReceiptStore } from "./sql-receipt-store.ts";
import { sqlRegistrationTokenReader, sqlRegistrationTokenStore } from "./sql-registration-token-store.ts";
import { sqlRelationReader } from "./sql-relation-reader.ts";
import { sqlRoomAliasReader, sqlRoomAliasStore } from "./sql-room-alias-store.ts";
import { sqlRoomDirectoryReader, sqlRoomDirectoryStore } from "./sql-room-directory-store.ts";
import { sqlRoomStateReader } from "./sql-room-state-reader.ts";
import { sqlRoomStateStore } from "./sql-room-state-store.ts";
import { sqlRoomReader, sqlRoomStore } from "./sql-room-store.ts";
import { sqlSessionReader, sqlSessionStore } from "./sql-session-store.ts";
import { sqlToDeviceReader, sqlToDeviceStore } from "./sql-to-device-store.ts";

/** How every store is made. What a reader and its store keep in memory together is made here, once per storage. */
export function allStores(): StoreFactories<Readers, Stores> {
  const events = new EventCache();
  const stateMemory = new StateMemory();
  const onTheirWay = new KeysOnTheirWay();
  return {
    readers: {
      meta: sqlMetaReader,
      notificationCounts: sqlNotificationCountReader,
      rooms: sqlRoomReader,
      events: (sql) => sqlEventReader(sql, events),
      roomState: (sql) => sqlRoomStateReader(sql, stateMemory),
      memberships: sqlMembershipReader,
      roomAliases: sqlRoomAliasReader,
      roomDirectory: sqlRoomDirectoryReader,
      pendingProfiles: sqlPendingProfileReader,
      receipts: sqlReceiptReader,
      relations: sqlRelationReader,
      accountData: sqlAccountDataReader,
      accounts: sqlAccountReader,
      devices: sqlDeviceReader,
      filters: sqlFilterReader,
      interactiveAuth: sqlInteractiveAuthReader,
      media: sqlMediaReader,
      profiles: sqlProfileReader,
      registrationTokens: sqlRegistrationTokenReader,
      sessions: sqlSessionReader,
      crossSigningKeys: sqlCrossSigningKeyReader,
      deviceKeys: sqlDeviceKeyReader,
      deviceLists: sqlDeviceListReader,
      keyBackups: sqlKeyBackupReader,
      oneTimeKeys: sqlOneTimeKeyReader,
      toDevice: sqlToDeviceReader,
    },
    stores: {
      meta: sqlMetaStore,
      notificationCounts: sqlNotificationCountStore,
      rooms: sqlRoomStore,
      events: (sql, reader) => sqlEventStore(sql, reader, events),
      roomState: (sql, reader) => sqlRoomStateStore(sql, reader, stateMemory),
      memberships: sqlMembershipStore,
      roomAliases: sqlRoomAliasStore,
      roomDirectory: sqlRoomDirectoryStore,
      pendingProfiles: sqlPendingProfileStore,
      receipts: sqlReceiptStore,
      relations: (_sql, reader) => reader,
      accountData: sqlAccountDataStore,
      accounts: sqlAccountStore,
      devices: sqlDeviceStore,
      filters: sqlFilterStore,
      interactiveAuth: sqlInteractiveAuthStore,
      media: sqlMediaStore,
      profiles: sqlProfileStore,
      registrationTokens: sqlRegistrationTokenStore,
      sessions: sqlSessionStore,
      crossSigningKeys: sqlCrossSigningKeyStore,
      deviceKeys: sqlDeviceKeyStore,
      deviceLists: sqlDeviceListStore,
      keyBackups: sqlKeyBackupStore,
      oneTimeKeys: (sql, reader) => sqlOneTimeKeyStore(sql, reader, onTheirWay),
      toDevice: sqlToDeviceStore,
    },
  };
}
