import type { AuthData } from "@croft/api";
import { InteractiveAuthRequired } from "@croft/http";
import { type ErrorCode, MatrixError, type ServerName, type UserId, urlSafeUnpaddedBase64 } from "@croft/protocol";
import { type Clock, opaqueId, type Passwords, type Random, sha256 } from "@croft/runtime";
import type { InteractiveAuthSession, Storage } from "@croft/storage";
import { checkStage } from "./stages.ts";

/** The types a client may have to complete, each list one way to succeed. */
export type Flows = readonly (readonly string[])[];

/** The `auth` of a request. */
export type SubmittedAuth = AuthData;

export type InteractiveAuthDeps = {
  readonly storage: Storage<"accounts" | "interactiveAuth" | "registrationTokens">;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: Passwords;
  readonly serverName: ServerName;
};

export type InteractiveAuthRequest = {
  /** The endpoint's `operationId`. */
  readonly operation: string;
  /** Who must prove to be themselves; absent where nobody is logged in yet. */
  readonly userId?: UserId;
  /** What the operation would be done to: a proof for one device ends no other. Nothing secret. */
  readonly subject: readonly string[];
  readonly flows: Flows;
  readonly auth: SubmittedAuth | undefined;
};

export const PASSWORD_FLOWS: Flows = [["m.login.password"]];

export const SESSION_LIFETIME_MS = 60 * 60_000;

/**
 * Returns when the client has completed a flow, and throws what it still has to do otherwise. A proof is spent by this:
 * it works once. https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export async function requireInteractiveAuth(
  deps: InteractiveAuthDeps,
  request: InteractiveAuthRequest,
): Promise<void> {
  const { storage, clock } = deps;
  const { auth, flows } = request;
  const boundTo = bindingOf(request);
  const session = await findSession(deps, auth?.session, boundTo);
  if (!auth) return challenge(deps, request, { boundTo, session });
  const refusal = await refusalOf(deps, request);
  if (refusal) return challenge(deps, request, { boundTo, session, refusal });
  const completed = [...new Set([...(session?.completed ?? []), ...(auth.type === undefined ? [] : [auth.type])])];
  if (!flows.some((stages) => stages.every((stage) => completed.includes(stage)))) {
    return challenge(deps, request, { boundTo, session, completed });
  }
  if (session === undefined) return;
  await storage.write(async (tx) => {
    if (!(await tx.interactiveAuth.get(session.session, clock.now()))) throw sessionSpent();
    tx.interactiveAuth.take(session.session);
  });
}

const sessionSpent = () => new MatrixError("M_FORBIDDEN", "This session has been used already");

/** A session that is unknown, has expired or was begun for something else is none. */
async function findSession(
  { storage, clock }: InteractiveAuthDeps,
  id: string | undefined,
  boundTo: string,
): Promise<InteractiveAuthSession | undefined> {
  const session = id === undefined ? undefined : await storage.read.interactiveAuth.get(id, clock.now());
  return session?.boundTo === boundTo ? session : undefined;
}

async function refusalOf(
  deps: InteractiveAuthDeps,
  { auth, flows, userId }: InteractiveAuthRequest,
): Promise<{ errcode: ErrorCode; error: string } | undefined> {
  if (auth?.type === undefined) return undefined;
  if (!flows.some((stages) => stages.includes(auth.type ?? ""))) {
    return { errcode: "M_UNRECOGNIZED", error: `${auth.type} is not among the flows` };
  }
  return checkStage(deps, { type: auth.type, auth, userId });
}

/** Answers 401 with what is to be done, in the session there is or a new one. */
async function challenge(
  deps: InteractiveAuthDeps,
  request: InteractiveAuthRequest,
  {
    boundTo,
    session,
    completed = session?.completed ?? [],
    refusal,
  }: {
    boundTo: string;
    session: InteractiveAuthSession | undefined;
    completed?: readonly string[];
    refusal?: { errcode: ErrorCode; error: string };
  },
): Promise<void> {
  const { storage, clock, random } = deps;
  const id = session?.session ?? opaqueId(random);
  if (session === undefined || completed.length > session.completed.length) {
    const kept = await storage.write(async (tx) => {
      const now = clock.now();
      if (!session)
        tx.interactiveAuth.create({ session: id, boundTo, completed, expiresTs: now + SESSION_LIFETIME_MS });
      else if (await tx.interactiveAuth.get(id, now)) tx.interactiveAuth.setCompleted(id, completed);
      else return false;
      return true;
    });
    // The session has ended meanwhile: what was proved now begins another one.
    if (!kept) return requireInteractiveAuth(deps, request);
  }
  throw new InteractiveAuthRequired({
    ...refusal,
    flows: request.flows.map((stages) => ({ stages })),
    params: {},
    session: id,
    ...(completed.length > 0 && { completed }),
  });
}

const bindingOf = ({ operation, userId, subject }: InteractiveAuthRequest): string =>
  urlSafeUnpaddedBase64(sha256(JSON.stringify([operation, userId ?? null, ...subject])));
