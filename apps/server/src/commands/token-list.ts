import { getLocalRegistrationTokens, type ReplyOf } from "@croft/api";
import { askServer } from "../ask-server.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";

/** Prints a line for each registration token. */
export async function tokenList(flags: Flags): Promise<number> {
  const { registration_tokens: tokens } = await askServer(await settingsFor(flags), getLocalRegistrationTokens);
  const width = Math.max(...tokens.map(({ token }) => token.length));
  for (const token of tokens) console.log(`${token.token.padEnd(width)}  ${described(token)}`);
  if (tokens.length === 0) console.error("There is no registration token.");
  return 0;
}

type Token = ReplyOf<typeof getLocalRegistrationTokens>["registration_tokens"][number];

function described({ completed, uses_allowed, expires_ts, usable }: Token): string {
  const used = uses_allowed === undefined ? `used ${completed} times` : `used ${completed} of ${uses_allowed} times`;
  const until = expires_ts === undefined ? "" : `, until ${new Date(expires_ts).toISOString().slice(0, 16)}Z`;
  return `${used}${until}${usable ? "" : " (works no more)"}`;
}
