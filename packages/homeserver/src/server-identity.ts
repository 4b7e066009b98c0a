import type { ServerName } from "@croft/protocol";
import { ed25519SigningKey, type Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";

export type ServerIdentityDeps = { readonly storage: Storage<"meta"> };

/** The database belongs to a server of another name, whose users and rooms would be nobody's here. */
export class OtherServersData extends Error {
  constructor({ found, wanted }: { found: string; wanted: ServerName }) {
    super(
      `This data belongs to the server ${found}, not to ${wanted}. A server's name cannot be changed: set server_name to ${found}, or use another data folder or database.`,
    );
  }
}

/** Whether the database is this server's (`false`: it is nobody's yet); throws where it carries another name. */
export async function isClaimedBy({ storage }: ServerIdentityDeps, serverName: ServerName): Promise<boolean> {
  const found = await storage.read.meta.get(SERVER_NAME);
  if (found !== undefined && found !== serverName) throw new OtherServersData({ found, wanted: serverName });
  return found !== undefined;
}

/** Marks a new database with the server's name; throws where it carries another. */
export async function claimDatabase({ storage }: ServerIdentityDeps, serverName: ServerName): Promise<void> {
  if (await isClaimedBy({ storage }, serverName)) return;
  await storage.write(async ({ meta }) => meta.setFirst(SERVER_NAME, serverName));
}

export type ServerSigningKey = ReturnType<typeof ed25519SigningKey> & { readonly keyId: string };

/**
 * The key that signs the server's events, made at its first start.
 * https://spec.matrix.org/v1.19/server-server-api/#publishing-keys
 */
export async function serverSigningKey(
  { storage }: ServerIdentityDeps,
  { random }: { random: Random },
): Promise<ServerSigningKey> {
  let stored = await storage.read.meta.get(SIGNING_KEY);
  if (stored === undefined) {
    const version = Buffer.from(random.bytes(3)).toString("hex");
    stored = `ed25519:${version} ${Buffer.from(random.bytes(32)).toString("base64")}`;
    const made = stored;
    await storage.write(async ({ meta }) => meta.setFirst(SIGNING_KEY, made));
  }
  const [keyId = "", seed = ""] = stored.split(" ");
  return { keyId, ...ed25519SigningKey(Buffer.from(seed, "base64")) };
}

const SERVER_NAME = "server_name";
const SIGNING_KEY = "signing_key";
