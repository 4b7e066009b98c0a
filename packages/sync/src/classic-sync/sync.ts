import { type DeviceId, invalidParam, type UserId } from "@croft/protocol";
import { parseStreamToken, type StreamToken } from "@croft/rooms";
import type { Filters } from "../filters/read-filter.ts";
import { assembleSync } from "./assemble.ts";
import type { StateAfterName, SyncQuestion } from "./question.ts";
import type { AssembleDeps } from "./sync-deps.ts";

/** Longer than proxies and clients keep a connection that says nothing. Milliseconds. */
const MAX_TIMEOUT = 120_000;

export type SyncDeps = AssembleDeps & { readonly filters: Filters };

export type SyncArgs = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly since?: string | undefined;
  readonly filter?: string | undefined;
  readonly fullState?: boolean | undefined;
  readonly stateAfter?: StateAfterName | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  /** Ends the waiting. */
  readonly signal: () => AbortSignal;
};

/**
 * What happened since the client's token, as the reply's JSON text; where nothing did, after waiting for it as long as the
 * client likes. https://spec.matrix.org/v1.19/client-server-api/#syncing
 */
export async function sync(deps: SyncDeps, args: SyncArgs): Promise<string> {
  const { clock, notifier } = deps;
  const question = await readQuestion(deps, args);
  const until = clock.monotonic() + Math.min(args.timeout ?? 0, MAX_TIMEOUT);
  for (;;) {
    const { text, isEmpty, position, typing } = await assembleSync(deps, question);
    const { userId, deviceId, since, fullState } = question;
    if (!isEmpty || since === undefined || fullState || clock.monotonic() >= until) return text;
    const end = await notifier.wait({ userId, deviceId, position, typing, until, signal: args.signal() });
    if (end === "over") return text;
  }
}

async function readQuestion({ filters, storage }: SyncDeps, args: SyncArgs): Promise<SyncQuestion> {
  const { userId, deviceId, fullState = false, stateAfter } = args;
  return {
    userId,
    deviceId,
    since: args.since === undefined || args.since === "" ? undefined : readSince(args.since, storage.position()),
    filter: await filters.read(userId, args.filter),
    fullState,
    stateAfter,
  };
}

/**
 * A token from the future was given out by a database that is no more, before an older state of it was restored: what the
 * client knows is not what is here, so it is told everything.
 */
function readSince(text: string, position: number): StreamToken | undefined {
  const token = parseStreamToken(text);
  if ((token.toDevice ?? 0) > token.position) throw invalidParam("This token is not one of a sync");
  return token.position > position ? undefined : token;
}
