import type { Requester } from "@croft/http";
import { notFound } from "@croft/protocol";
import type { AccountDataKey, Storage } from "@croft/storage";
import type { PushRules } from "../ports.ts";
import { requireOwn } from "./own-data.ts";

/** The JSON text as it was set; push rules, default ones included, as they are. https://spec.matrix.org/v1.19/client-server-api/#client-config */
export async function getAccountData(
  { storage, pushRules }: { readonly storage: Storage<"accountData">; readonly pushRules: PushRules },
  { requester, key }: { requester: Requester; key: AccountDataKey },
): Promise<string> {
  requireOwn(requester, key.userId);
  const data = await storage.read.accountData.get(key);
  if (key.roomId === undefined && key.type === "m.push_rules") return pushRules.content(key.userId, data?.content);
  if (!data) throw notFound("There is no such account data");
  return data.content;
}
