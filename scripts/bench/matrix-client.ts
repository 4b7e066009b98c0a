import { createHmac } from "node:crypto";
import { Pool } from "undici";

/** The least a load generator needs to speak Matrix to any server. */
export type MatrixLoad = {
  readonly request: <Reply>(
    method: "GET" | "PUT" | "POST",
    path: string,
    args?: { token?: string; body?: object },
  ) => Promise<Reply>;
  readonly close: () => Promise<void>;
};

export function connect(url: string, connections = 128): MatrixLoad {
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 120_000, bodyTimeout: 120_000 });
  return {
    async request<Reply>(
      method: "GET" | "PUT" | "POST",
      path: string,
      { token, body }: { token?: string; body?: object } = {},
    ) {
      const reply = await pool.request({
        method,
        path,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await reply.body.text();
      if (reply.statusCode !== 200)
        throw new Error(`${method} ${path} answered ${reply.statusCode}: ${text.slice(0, 300)}`);
      return JSON.parse(text) as Reply;
    },
    close: () => pool.destroy(),
  };
}

export type Account = { readonly userId: string; readonly token: string };

/** Registers by the shared secret where there is one, else openly. */
export async function register(load: MatrixLoad, username: string, sharedSecret: string | undefined): Promise<Account> {
  const password = "a benchmark's password";
  type Reply = { user_id: string; access_token: string };
  if (sharedSecret === undefined) {
    const body = { username, password, auth: { type: "m.login.dummy" } };
    const reply = await load.request<Reply>("POST", "/_matrix/client/v3/register", { body });
    return { userId: reply.user_id, token: reply.access_token };
  }
  const path = "/_synapse/admin/v1/register";
  const { nonce } = await load.request<{ nonce: string }>("GET", path);
  const mac = createHmac("sha1", sharedSecret).update([nonce, username, password, "notadmin"].join("\0")).digest("hex");
  const reply = await load.request<Reply>("POST", path, { body: { nonce, username, password, admin: false, mac } });
  return { userId: reply.user_id, token: reply.access_token };
}

export async function createRoom(load: MatrixLoad, { token }: Account, body: object = {}): Promise<string> {
  const reply = await load.request<{ room_id: string }>("POST", "/_matrix/client/v3/createRoom", { token, body });
  return reply.room_id;
}

/** Runs `job` for 0 … count − 1, at most `width` at once. */
export async function inParallel(count: number, width: number, job: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await job(index);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}

/** The value below which `share` of the sorted samples lie, in milliseconds with two decimals. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round((sorted[at] ?? 0) * 100) / 100;
}
