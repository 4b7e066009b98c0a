import { createHmac, timingSafeEqual } from "node:crypto";
import { forbidden, MatrixError } from "@croft/protocol";
import { type Clock, opaqueId, type Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { startSession } from "../sessions/start-session.ts";
import { type CreateUserDeps, createUser } from "./create-user.ts";
import type { Registered } from "./register.ts";

export type SharedSecretNonceDeps = {
  readonly storage: Storage<"interactiveAuth">;
  readonly clock: Clock;
  readonly random: Random;
};

export type SharedSecretDeps = {
  readonly storage: Storage<"accounts" | "devices" | "interactiveAuth" | "profiles" | "sessions">;
} & CreateUserDeps &
  SharedSecretNonceDeps;

export type SharedSecretRequest = {
  readonly nonce: string;
  readonly username: string;
  readonly password: string;
  readonly mac: string;
  readonly displayname: string | undefined;
  readonly admin: boolean;
  readonly userType: string | undefined;
  readonly inhibitLogin: boolean;
};

const NONCE_LIFETIME_MS = 60_000;
const NONCE_BOUND_TO = "registerWithSharedSecret";

/** https://element-hq.github.io/synapse/latest/admin_api/register_api.html */
export async function newSharedSecretNonce({ storage, clock, random }: SharedSecretNonceDeps): Promise<string> {
  const nonce = opaqueId(random);
  const expiresTs = clock.now() + NONCE_LIFETIME_MS;
  await storage.write(async (tx) => {
    tx.interactiveAuth.create({ session: nonce, boundTo: NONCE_BOUND_TO, completed: [], expiresTs });
  });
  return nonce;
}

/**
 * Makes an account for who knows the shared secret; a nonce is spent by trying.
 * https://element-hq.github.io/synapse/latest/admin_api/register_api.html
 */
export async function registerWithSharedSecret(
  deps: SharedSecretDeps & { readonly sharedSecret: string },
  request: SharedSecretRequest,
): Promise<Registered> {
  await spendNonce(deps, request.nonce);
  const { username, password, admin, displayname = username, inhibitLogin } = request;
  if (`${username}${password}`.includes("\0")) throw badRequest("A user name or password holds no NUL");
  if (!timingSafeEqual(macOf(deps.sharedSecret, request), macSent(request.mac))) throw forbidden("HMAC incorrect");
  const userId = await createUser(deps, { localpart: username, password, isAdmin: admin, displayname });
  if (inhibitLogin) return { userId, session: undefined };
  const device = { deviceId: undefined, displayName: undefined, refresh: false };
  const session = await deps.storage.write(async (tx) => startSession(tx, deps, { userId, device }));
  return { userId, session };
}

const badRequest = (message: string) => new MatrixError("M_UNKNOWN", message, { status: 400 });

async function spendNonce({ storage, clock }: SharedSecretDeps, nonce: string): Promise<void> {
  await storage.write(async (tx) => {
    const session = await tx.interactiveAuth.get(nonce, clock.now());
    if (session?.boundTo !== NONCE_BOUND_TO) throw badRequest("unrecognised nonce");
    tx.interactiveAuth.take(nonce);
  });
}

function macOf(sharedSecret: string, { nonce, username, password, admin, userType }: SharedSecretRequest): Buffer {
  const parts = [nonce, username, password, admin ? "admin" : "notadmin", ...(userType ? [userType] : [])];
  return createHmac("sha1", sharedSecret).update(parts.join("\0")).digest();
}

/** As many bytes as a MAC has, whatever was sent. */
function macSent(mac: string): Buffer {
  const bytes = Buffer.alloc(20);
  if (/^[0-9a-f]{40}$/i.test(mac)) bytes.write(mac, "hex");
  return bytes;
}
