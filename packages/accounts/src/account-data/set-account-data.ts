import type { Requester } from "@croft/http";
import { MatrixError, utf8Length } from "@croft/protocol";
import type { AccountDataKey, Storage } from "@croft/storage";
import { requireOwn } from "./own-data.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-5 */
const SERVER_MANAGED = new Set(["m.fully_read", "m.push_rules"]);

/** Far more than clients keep, all rooms' together: a first sync brings all of it. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** What an entry takes beside its content. */
const ENTRY_BYTES = 200;

/** Global, or for one room. `content` is the JSON text of an object. https://spec.matrix.org/v1.19/client-server-api/#client-config */
export async function setAccountData(
  { storage }: { readonly storage: Storage<"accountData"> },
  { requester, key, content }: { requester: Requester; key: AccountDataKey; content: string },
): Promise<void> {
  requireOwn(requester, key.userId);
  if (SERVER_MANAGED.has(key.type)) {
    throw new MatrixError("M_BAD_JSON", `Cannot set ${key.type} through this API`, { status: 405 });
  }
  const added = utf8Length(content);
  await storage.write(async (tx) => {
    const replaced = utf8Length((await tx.accountData.get(key))?.content ?? "");
    const { bytes, entries } = await tx.accountData.sizeOf(key.userId);
    if (added > replaced && bytes - replaced + added + entries * ENTRY_BYTES > MAX_KEPT_BYTES) {
      throw new MatrixError("M_TOO_LARGE", `Account data is at most ${MAX_KEPT_BYTES} bytes, all of it together`);
    }
    tx.accountData.set(key, content);
  });
}
