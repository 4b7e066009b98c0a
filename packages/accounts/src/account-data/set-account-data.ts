import type { Requester } from "@croft/http";
import { MatrixError } from "@croft/protocol";
import type { AccountDataKey, Storage } from "@croft/storage";
import { requireOwn } from "./own-data.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-5 */
const SERVER_MANAGED = new Set(["m.fully_read", "m.push_rules"]);

/** Global, or for one room. `content` is the JSON text of an object. https://spec.matrix.org/v1.19/client-server-api/#client-config */
export async function setAccountData(
  { storage }: { readonly storage: Storage<"accountData"> },
  { requester, key, content }: { requester: Requester; key: AccountDataKey; content: string },
): Promise<void> {
  requireOwn(requester, key.userId);
  if (SERVER_MANAGED.has(key.type)) {
    throw new MatrixError("M_BAD_JSON", `Cannot set ${key.type} through this API`, { status: 405 });
  }
  await storage.write(async (tx) => tx.accountData.set(key, content));
}
