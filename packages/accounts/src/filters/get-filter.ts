import type { Requester } from "@croft/http";
import { notFound, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { requireOwn } from "../account-data/own-data.ts";

/** The JSON text as it was defined. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridfilterfilterid */
export async function getFilter(
  { storage }: { readonly storage: Storage<"filters"> },
  { requester, userId, filterId }: { requester: Requester; userId: UserId; filterId: string },
): Promise<string> {
  requireOwn(requester, userId);
  const filter = await storage.read.filters.get(userId, filterId);
  if (filter === undefined) throw notFound("There is no such filter");
  return filter;
}
