import type { Dialect } from "../../sql.ts";

/** Keys of devices and users, who must fetch them anew, messages to devices, key backups. */
export const e2ee = (d: Dialect): readonly string[] => [
  `CREATE TABLE device_keys (
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    keys TEXT NOT NULL,
    PRIMARY KEY (user_num, device_id))`,
  // key_num grows with each upload: the order in which keys are handed out. A claimed one stays for a while, so that a
  // device that uploads it again is not taken to have a new one.
  `CREATE TABLE one_time_keys (
    key_num ${d.int} PRIMARY KEY,
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    key_id TEXT NOT NULL,
    key_json TEXT NOT NULL,
    claimed_ts ${d.int},
    UNIQUE (user_num, device_id, algorithm, key_id))`,
  `CREATE INDEX one_time_keys_order ON one_time_keys (user_num, device_id, algorithm, key_num)
    WHERE claimed_ts IS NULL`,
  "CREATE INDEX one_time_keys_claimed ON one_time_keys (claimed_ts) WHERE claimed_ts IS NOT NULL",
  `CREATE TABLE fallback_keys (
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    key_id TEXT NOT NULL,
    key_json TEXT NOT NULL,
    used ${d.int} NOT NULL,
    PRIMARY KEY (user_num, device_id, algorithm))`,
  // The last claim from each device.
  `CREATE TABLE one_time_key_claims (
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    position ${d.int} NOT NULL,
    PRIMARY KEY (user_num, device_id)
  )${d.withoutRowid}`,
  `CREATE TABLE cross_signing_keys (
    user_num ${d.int} NOT NULL,
    key_usage TEXT NOT NULL,
    public_key TEXT NOT NULL,
    key_json TEXT NOT NULL,
    PRIMARY KEY (user_num, key_usage))`,
  `CREATE TABLE key_signatures (
    user_num ${d.int} NOT NULL,
    key_id TEXT NOT NULL,
    signer_num ${d.int} NOT NULL,
    signing_key_id TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (user_num, signer_num, key_id, signing_key_id)
  )${d.withoutRowid}`,
  "CREATE INDEX key_signatures_by_signer ON key_signatures (signer_num)",
  `CREATE TABLE device_list_changes (user_num ${d.int} PRIMARY KEY, position ${d.int} NOT NULL)`,
  "CREATE INDEX device_list_changes_by_position ON device_list_changes (position)",
  // What one user alone may see of another.
  `CREATE TABLE device_list_changes_for (
    viewer_num ${d.int} NOT NULL,
    user_num ${d.int} NOT NULL,
    position ${d.int} NOT NULL,
    PRIMARY KEY (viewer_num, user_num)
  )${d.withoutRowid}`,
  "CREATE INDEX device_list_changes_for_by_position ON device_list_changes_for (viewer_num, position)",
  // Who began and who ended to share rooms is found by when, whatever the room.
  "CREATE INDEX memberships_by_stay ON memberships (joined_since) WHERE joined_since IS NOT NULL",
  "CREATE INDEX memberships_by_end ON memberships (position) WHERE membership <> 0",
  `CREATE TABLE to_device_messages (
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    position ${d.int} NOT NULL,
    event_json TEXT NOT NULL,
    PRIMARY KEY (user_num, device_id, position))`,
  `CREATE TABLE to_device_transactions (
    user_num ${d.int} NOT NULL,
    device_id TEXT NOT NULL,
    path TEXT NOT NULL,
    sent_ts ${d.int} NOT NULL,
    PRIMARY KEY (user_num, device_id, path)
  )${d.withoutRowid}`,
  "CREATE INDEX to_device_transactions_age ON to_device_transactions (sent_ts)",
  `CREATE TABLE key_backups (
    user_num ${d.int} NOT NULL,
    version ${d.int} NOT NULL,
    algorithm TEXT NOT NULL,
    auth_data TEXT NOT NULL,
    etag ${d.int} NOT NULL,
    key_count ${d.int} NOT NULL,
    deleted ${d.int} NOT NULL,
    PRIMARY KEY (user_num, version))`,
  `CREATE TABLE backed_up_keys (
    user_num ${d.int} NOT NULL,
    version ${d.int} NOT NULL,
    room_num ${d.int} NOT NULL,
    session_id TEXT NOT NULL,
    is_verified ${d.int} NOT NULL,
    first_message_index ${d.int} NOT NULL,
    forwarded_count ${d.int} NOT NULL,
    key_json TEXT NOT NULL,
    PRIMARY KEY (user_num, version, room_num, session_id))`,
];
