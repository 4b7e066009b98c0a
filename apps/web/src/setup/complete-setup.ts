import type { BodyOf, completeSetup as completeSetupEndpoint, ReplyOf } from "@croft/api";

type Reply = ReplyOf<typeof completeSetupEndpoint>;

/** Makes the first account and gives its user id; throws an Error whose message is for the person who waits. */
export async function completeSetup(body: BodyOf<typeof completeSetupEndpoint>): Promise<Reply["user_id"]> {
  let reply: Response;
  try {
    reply = await fetch("/_croft/client/v1/setup", { method: "POST", body: JSON.stringify(body) });
  } catch {
    throw new Error("The server does not answer. Try again in a moment.");
  }
  const answer = (await reply.json()) as Reply & { readonly error?: string };
  if (!reply.ok) throw new Error(`${answer.error ?? "The server refused without a word"}.`);
  return answer.user_id;
}
