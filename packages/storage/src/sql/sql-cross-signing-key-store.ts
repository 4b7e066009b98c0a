import type { UserId } from "@croft/protocol";
import { anyOf, type ReadSql, user, type WriteSql } from "../sql.ts";
import type { CrossSigningKeyReader, CrossSigningKeyStore, CrossSigningUsage } from "../stores/cross-signing-keys.ts";

export const sqlCrossSigningKeyReader = (sql: ReadSql): CrossSigningKeyReader => ({
  async ofUsers(userIds) {
    const rows = await sql.all<{ user_id: UserId; key_usage: CrossSigningUsage; public_key: string; key_json: string }>`
      SELECT u.user_id, k.key_usage, k.public_key, k.key_json
      FROM cross_signing_keys k JOIN users u ON u.user_num = k.user_num
      WHERE k.user_num ${anyOf(userIds.map(user))}`;
    return rows.map((row) => ({
      userId: row.user_id,
      usage: row.key_usage,
      publicKey: row.public_key,
      key: row.key_json,
    }));
  },

  async signaturesOn(userIds, viewer) {
    const rows = await sql.all<{
      user_id: UserId;
      key_id: string;
      signer: UserId;
      signing_key_id: string;
      signature: string;
    }>`
      SELECT u.user_id, s.key_id, by_whom.user_id AS signer, s.signing_key_id, s.signature
      FROM key_signatures s
      JOIN users u ON u.user_num = s.user_num
      JOIN users by_whom ON by_whom.user_num = s.signer_num
      WHERE s.user_num ${anyOf(userIds.map(user))} AND (s.signer_num = s.user_num OR s.signer_num = ${user(viewer)})`;
    return rows.map((row) => ({
      userId: row.user_id,
      keyId: row.key_id,
      signer: row.signer,
      signingKeyId: row.signing_key_id,
      signature: row.signature,
    }));
  },
});

export const sqlCrossSigningKeyStore = (sql: WriteSql, reader: CrossSigningKeyReader): CrossSigningKeyStore => ({
  ...reader,

  // No public key is empty: based on nothing, an update matches no row and the guard fails.
  set({ userId, usage, publicKey, key }, basedOn = "") {
    sql.guard(1)`
      INSERT INTO cross_signing_keys (user_num, key_usage, public_key, key_json)
      VALUES (${user(userId)}, ${usage}, ${publicKey}, ${key})
      ON CONFLICT (user_num, key_usage) DO UPDATE SET public_key = excluded.public_key, key_json = excluded.key_json
      WHERE cross_signing_keys.public_key = ${basedOn}`;
  },

  requireKey({ userId, usage, key }) {
    sql.guard(1)`
      UPDATE cross_signing_keys SET key_json = key_json
      WHERE user_num = ${user(userId)} AND key_usage = ${usage} AND key_json = ${key}`;
  },

  delete(userId, usage) {
    sql.run`DELETE FROM cross_signing_keys WHERE user_num = ${user(userId)} AND key_usage = ${usage}`;
  },

  addSignature({ userId, keyId, signer, signingKeyId, signature }) {
    sql.run`
      INSERT INTO key_signatures (user_num, key_id, signer_num, signing_key_id, signature)
      VALUES (${user(userId)}, ${keyId}, ${user(signer)}, ${signingKeyId}, ${signature})
      ON CONFLICT (user_num, signer_num, key_id, signing_key_id) DO UPDATE SET signature = excluded.signature`;
  },

  deleteSignatures(userId, keyIds) {
    sql.run`DELETE FROM key_signatures WHERE user_num = ${user(userId)} AND key_id ${anyOf(keyIds)}`;
  },

  deleteSignaturesBy(signer, signingKeyId) {
    sql.run`DELETE FROM key_signatures WHERE signer_num = ${user(signer)} AND signing_key_id = ${signingKeyId}`;
  },

  deleteAll(userId) {
    sql.run`DELETE FROM cross_signing_keys WHERE user_num = ${user(userId)}`;
    sql.run`DELETE FROM key_signatures WHERE user_num = ${user(userId)} OR signer_num = ${user(userId)}`;
  },
});
