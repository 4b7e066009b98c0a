import type { Requester } from "@croft/http";
import { notFound } from "@croft/protocol";
import type { AccountDataKey, Storage } from "@croft/storage";
import { requireOwn } from "./own-data.ts";

/** The JSON text as it was set. https://spec.matrix.org/v1.19/client-server-api/#client-config */
export async function getAccountData(
  { storage }: { readonly storage: Storage<"accountData"> },
  { requester, key }: { requester: Requester; key: AccountDataKey },
): Promise<string> {
  requireOwn(requester, key.userId);
  const data = await storage.read.accountData.get(key);
  if (!data) throw notFound("There is no such account data");
  return data.content;
}
