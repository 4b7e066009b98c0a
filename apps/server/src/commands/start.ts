import { hostPort, Listener, type RequestListener } from "@croft/edge";
import { systemClock } from "@croft/runtime";
import { CommandError } from "../command-error.ts";
import type { Config } from "../config/config.ts";
import { openServer } from "../open-server.ts";
import type { Flags } from "../run.ts";
import { settingsFor } from "../settings-for.ts";
import { shutdownRequested } from "../shutdown.ts";
import { croftVersion } from "../version.ts";
import { WebPages } from "../web-pages.ts";

/** Waiting requests are ended at once, others may take this long. */
const DRAIN_MS = 5_000;
/** Whatever hangs: a supervisor that asked for an end gets one. */
const LAST_RESORT_MS = 9_000;

/** What HTTP itself refuses is said in Matrix' words too. */
const MALFORMED = {
  contentType: "application/json",
  body: JSON.stringify({ errcode: "M_UNKNOWN", error: "This is not a valid HTTP request" }),
};

/** Runs the server until it is asked to end. */
export async function start(flags: Flags): Promise<number> {
  const ended = shutdownRequested();
  const { config, logger } = await settingsFor(flags);
  await using server = await openServer({ config, logger });
  const { homeserver, folder } = server;
  const pages = new WebPages({ logger });
  const handle = pagesAnd(homeserver.requests.handle, pages);
  const network = new Listener({ handle, clock: systemClock, malformed: MALFORMED });
  const local = new Listener({ handle: homeserver.localRequests.handle, clock: systemClock });
  // Before anybody is let in: where nothing can be stored, the start ends here.
  const setupToken = await homeserver.createSetupToken();
  await using listeners = new AsyncDisposableStack();
  listeners.defer(() => network.stop(DRAIN_MS));
  const address = await listen(network, config);
  listeners.defer(() => local.stop(DRAIN_MS));
  await local.start({ socketPath: folder.socket });
  const url = `http://${hostPort(reachable(address))}`;
  console.log(`Croft ${croftVersion()} serves ${config.serverName} at ${url}`);
  if (setupToken !== undefined) tellSetupLink(`${url}/setup#${setupToken}`);
  const built = pages.prepare();
  const reason = await ended;
  logger.info({ reason }, "stopping");
  setTimeout(() => process.exit(0), LAST_RESORT_MS).unref();
  pages.stop();
  await Promise.all([network.stop(DRAIN_MS), local.stop(DRAIN_MS), homeserver.stop(), built]);
  return 0;
}

function tellSetupLink(link: string): void {
  console.log("There is no account yet. Make the first one, an administrator's, within 24 hours at");
  console.log(link);
}

/** "Every address" is none that a browser could open; this machine's own is among them. */
function reachable({ host, port }: { host: string; port: number }): { host: string; port: number } {
  return { host: host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host, port };
}

async function listen(network: Listener, { listen }: Config): Promise<{ host: string; port: number }> {
  try {
    return (await network.start(listen)) ?? listen;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = LISTEN_REASONS[code] ?? (error as Error).message;
    throw new CommandError(`Croft cannot listen on ${hostPort(listen)}: ${reason}.`);
  }
}

const LISTEN_REASONS: { readonly [code: string]: string } = {
  EACCES: "permission denied; ports below 1024 are the administrator's",
  EADDRINUSE: "the port is in use by another program",
  EADDRNOTAVAIL: "this machine does not have that address",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "there is no such host",
};

/** Paths that are the server's own; everything else is a page's. */
const API_PATH = /^\/(?:_matrix|_croft|_synapse|\.well-known|livez|readyz|metrics)(?:[/?]|$)/;

function pagesAnd(api: RequestListener, pages: WebPages): RequestListener {
  return (request, response) => {
    if (API_PATH.test(request.url ?? "/")) api(request, response);
    else pages.handle(request, response, () => api(request, response));
  };
}
