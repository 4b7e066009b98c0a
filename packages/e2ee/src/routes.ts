import * as api from "@croft/api";
import { type Route, route } from "@croft/http";
import { type UploadCrossSigningKeysDeps, uploadCrossSigningKeys } from "./cross-signing/upload-cross-signing-keys.ts";
import { type UploadSignaturesDeps, uploadSignatures } from "./cross-signing/upload-signatures.ts";
import { claimKeys } from "./device-keys/claim-keys.ts";
import { type QueryKeysDeps, queryKeys } from "./device-keys/query-keys.ts";
import { uploadKeys } from "./device-keys/upload-keys.ts";
import type { DeviceListChangesDeps } from "./device-lists/device-list-changes.ts";
import { getKeysChanges } from "./device-lists/get-keys-changes.ts";
import { keyBackupRoutes } from "./key-backup/routes.ts";
import type { RemoteKeys } from "./ports.ts";
import { type SendToDeviceDeps, sendToDevice } from "./to-device/send-to-device.ts";

export type E2eeDeps = Omit<UploadCrossSigningKeysDeps, "storage"> &
  Omit<UploadSignaturesDeps & QueryKeysDeps & DeviceListChangesDeps, "storage" | "remoteKeys"> &
  SendToDeviceDeps & { readonly remoteKeys: RemoteKeys };

/** Keys, backups of keys, and messages to devices. */
export const e2eeRoutes = (deps: E2eeDeps): Route[] => [
  ...keysRoutes(deps),
  ...crossSigningRoutes(deps),
  ...keyBackupRoutes(deps),
  route(api.sendToDevice, async ({ requester, params, body, rawPath }) => {
    const [path = rawPath] = rawPath.split("?", 1);
    await sendToDevice(deps, { requester, type: params.eventType, path, messages: body.messages });
    return {};
  }),
];

const keysRoutes = (deps: E2eeDeps): Route[] => [
  route(api.uploadKeys, async ({ requester, body }) => ({
    one_time_key_counts: await uploadKeys(deps, {
      requester,
      deviceKeys: body.device_keys,
      oneTimeKeys: body.one_time_keys ?? {},
      fallbackKeys: body.fallback_keys ?? {},
    }),
  })),
  route(api.queryKeys, async ({ requester, body }) => {
    const found = await queryKeys(deps, { requester, devices: body.device_keys, timeoutMs: body.timeout });
    return {
      failures: found.failures,
      device_keys: found.deviceKeys,
      master_keys: found.masterKeys,
      self_signing_keys: found.selfSigningKeys,
      user_signing_keys: found.userSigningKeys,
    };
  }),
  route(api.claimKeys, async ({ body }) => {
    const claimed = await claimKeys(deps, { algorithms: body.one_time_keys, timeoutMs: body.timeout });
    return { failures: claimed.failures, one_time_keys: claimed.oneTimeKeys };
  }),
  route(api.getKeysChanges, async ({ requester, query }) => {
    const { changed, left } = await getKeysChanges(deps, { requester, ...query });
    return { changed: [...changed], left: [...left] };
  }),
];

const crossSigningRoutes = (deps: E2eeDeps): Route[] => [
  route(api.uploadCrossSigningKeys, async ({ requester, body }) => {
    const keys = {
      master: body.master_key,
      self_signing: body.self_signing_key,
      user_signing: body.user_signing_key,
    };
    await uploadCrossSigningKeys(deps, { requester, keys, auth: body.auth });
    return {};
  }),
  route(api.uploadCrossSigningSignatures, async ({ requester, body }) => ({
    failures: await uploadSignatures(deps, { requester, signed: body }),
  })),
];
