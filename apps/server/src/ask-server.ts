import type { BodyOf, Endpoint, ParamsOf, ReplyOf } from "@croft/api";
import { Listener } from "@croft/edge";
import { type Logger, systemClock } from "@croft/runtime";
import { CommandError } from "./command-error.ts";
import type { Config } from "./config/config.ts";
import { dataFolder } from "./data-folder.ts";
import { askRunningServer, type LocalReply, type LocalRequest } from "./local-client.ts";
import { openServer } from "./open-server.ts";

/**
 * Asks the server that runs on this data or, where none does, one that is opened for this question. Throws a refusal as
 * the sentence it came with.
 */
export async function askServer<E extends Endpoint>(
  settings: { readonly config: Config; readonly logger: Logger },
  endpoint: E,
  { params = {}, body }: { readonly params?: ParamsOf<E> | object; readonly body?: BodyOf<E> & object } = {},
): Promise<ReplyOf<E>> {
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as { readonly [name: string]: unknown })[name])),
  );
  const request = { method: endpoint.method, path, body };
  const reply =
    (await askRunningServer(dataFolder(settings.config.dataFolder), request)) ?? (await askOpened(settings, request));
  if (reply.status === 200) return reply.body as ReplyOf<E>;
  const { errcode, error } = reply.body;
  throw new CommandError(`${error}.`, WRONG_USAGE.includes(String(errcode)) ? 2 : 1);
}

/** What no server would take. */
const WRONG_USAGE = ["M_INVALID_PARAM", "M_INVALID_USERNAME"];

async function askOpened(
  settings: { readonly config: Config; readonly logger: Logger },
  request: LocalRequest,
): Promise<LocalReply> {
  await using server = await openServer(settings);
  const local = new Listener({ handle: server.homeserver.localRequests.handle, clock: systemClock });
  await local.start({ socketPath: server.folder.socket });
  try {
    const reply = await askRunningServer(server.folder, request);
    if (reply === undefined) throw new CommandError(`The socket ${server.folder.socket} cannot be reached.`);
    return reply;
  } finally {
    await local.stop(0);
  }
}
