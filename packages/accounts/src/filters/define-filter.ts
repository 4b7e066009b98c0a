import type { Requester } from "@croft/http";
import { type UserId, urlSafeUnpaddedBase64 } from "@croft/protocol";
import { sha256 } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { requireOwn } from "../account-data/own-data.ts";

/** 96 bits: two filters of one user never meet. */
const FILTER_ID_LETTERS = 16;

/** The same filter has the same id: clients define theirs anew at each start. https://spec.matrix.org/v1.19/client-server-api/#filtering */
export async function defineFilter(
  { storage }: { readonly storage: Storage<"filters"> },
  { requester, userId, filter }: { requester: Requester; userId: UserId; filter: string },
): Promise<string> {
  requireOwn(requester, userId);
  const filterId = urlSafeUnpaddedBase64(sha256(filter)).slice(0, FILTER_ID_LETTERS);
  if ((await storage.read.filters.get(userId, filterId)) === undefined) {
    await storage.write(async (tx) => tx.filters.ensure(userId, filterId, filter));
  }
  return filterId;
}
