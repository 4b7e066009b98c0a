import type { Requester } from "@croft/http";
import { MatrixError, type UserId, urlSafeUnpaddedBase64, utf8Length } from "@croft/protocol";
import { sha256 } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { requireOwn } from "../account-data/own-data.ts";

/** 96 bits: two filters of one user never meet. */
const FILTER_ID_LETTERS = 16;
/** As much as an event. */
const MAX_FILTER_BYTES = 65_536;
/** Clients define a handful, and a new one when they change. */
const MAX_FILTERS = 1_000;

/** The same filter has the same id: clients define theirs anew at each start. https://spec.matrix.org/v1.19/client-server-api/#filtering */
export async function defineFilter(
  { storage }: { readonly storage: Storage<"filters"> },
  { requester, userId, filter }: { requester: Requester; userId: UserId; filter: string },
): Promise<string> {
  requireOwn(requester, userId);
  if (utf8Length(filter) > MAX_FILTER_BYTES) {
    throw new MatrixError("M_TOO_LARGE", `A filter has at most ${MAX_FILTER_BYTES} bytes`);
  }
  const filterId = urlSafeUnpaddedBase64(sha256(filter)).slice(0, FILTER_ID_LETTERS);
  if ((await storage.read.filters.get(userId, filterId)) === undefined) {
    await storage.write(async (tx) => {
      if ((await tx.filters.count(userId)) >= MAX_FILTERS) {
        throw new MatrixError("M_TOO_LARGE", `A user has at most ${MAX_FILTERS} filters`);
      }
      tx.filters.ensure(userId, filterId, filter);
    });
  }
  return filterId;
}
