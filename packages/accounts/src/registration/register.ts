import { forbidden, MatrixError, missingParam, type UserId } from "@croft/protocol";
import type { Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import {
  type Flows,
  type InteractiveAuthDeps,
  requireInteractiveAuth,
  type SubmittedAuth,
} from "../interactive-auth/require-interactive-auth.ts";
import { isUsable } from "../registration-tokens/is-usable.ts";
import { type ClientDevice, type StartedSession, startSession } from "../sessions/start-session.ts";
import { requireUsablePassword } from "./password-rules.ts";
import type { RegistrationSettings } from "./settings.ts";
import { newUserId, userInUse } from "./user-id.ts";

export type RegisterDeps = {
  readonly storage: Storage<"accounts" | "devices" | "interactiveAuth" | "registrationTokens" | "sessions">;
  readonly registration: RegistrationSettings;
} & InteractiveAuthDeps;

export type RegisterRequest = {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly auth: SubmittedAuth | undefined;
  readonly device: ClientDevice;
  readonly inhibitLogin: boolean;
};

export type Registered = { readonly userId: UserId; readonly session: StartedSession | undefined };

const FLOWS: { readonly [Mode in "token" | "open"]: Flows } = {
  token: [["m.login.registration_token"]],
  open: [["m.login.dummy"]],
};

/** Makes a user account and logs it in. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3register */
export async function register(deps: RegisterDeps, request: RegisterRequest): Promise<Registered> {
  const { storage, clock, passwords, random, serverName, registration } = deps;
  const { password, auth, device } = request;
  if (registration.mode === "closed") throw forbidden("Registration is disabled");
  const userId = newUserId(serverName, request.username ?? generatedLocalpart(random));
  if (await storage.read.accounts.get(userId)) throw userInUse();
  if (auth && password === undefined) throw missingParam("password is missing in the body");
  if (password !== undefined) requireUsablePassword(password);
  // Not bound to the name: one that was taken meanwhile can be replaced by another.
  await requireInteractiveAuth(deps, { operation: "register", subject: [], flows: FLOWS[registration.mode], auth });
  if (password === undefined) throw missingParam("password is missing in the body");
  const passwordHash = await passwords.hash(password);
  const token = registration.mode === "token" ? String(auth?.["token"]) : undefined;
  const session = await storage.write(async (tx) => {
    if (await tx.accounts.get(userId)) throw userInUse();
    const createdTs = clock.now();
    if (token !== undefined) {
      if (!isUsable(await tx.registrationTokens.get(token), createdTs)) throw tokenUsedUp();
      tx.registrationTokens.use(token, createdTs);
    }
    tx.accounts.create({ userId, passwordHash, isAdmin: false, isGuest: false, createdTs });
    return request.inhibitLogin ? undefined : startSession(tx, deps, { userId, device });
  });
  return { userId, session };
}

const tokenUsedUp = () => new MatrixError("M_UNAUTHORIZED", "This registration token is no longer valid");

const LOCALPART_BYTES = 6;
const generatedLocalpart = (random: Random): string =>
  `user-${Buffer.from(random.bytes(LOCALPART_BYTES)).toString("hex")}`;
