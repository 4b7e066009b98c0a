import type { getReadiness, getServerInformation, getSetupState, ReplyOf } from "@croft/api";
import { useEffect, useState } from "react";

export type ServerInformation = ReplyOf<typeof getServerInformation>;

/** What is known of the server this page came from. */
export type ServerView = {
  readonly information: ServerInformation | undefined;
  readonly setupNeeded: boolean;
  /** Undefined until it was asked. */
  readonly health: Health | undefined;
  readonly unreachable: boolean;
};

export type Health = { readonly ready: boolean; readonly lacking: readonly string[] };

const UNKNOWN: ServerView = { information: undefined, setupNeeded: false, health: undefined, unreachable: false };
const REFRESH_MS = 10_000;
const RETRY_MS = 2_000;

/** Asks the server now, and again as long as the page is looked at. */
export function useServer(): ServerView {
  const [view, setView] = useState(UNKNOWN);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const ask = async () => {
      const next = await askServer().catch(() => undefined);
      if (ended) return;
      setView((before) => next ?? { ...before, health: undefined, unreachable: true });
      timer = setTimeout(() => (document.hidden ? wait() : void ask()), next ? REFRESH_MS : RETRY_MS);
    };
    const wait = () => document.addEventListener("visibilitychange", () => void ask(), { once: true });
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, []);
  return view;
}

async function askServer(): Promise<ServerView> {
  const [information, setup, readiness] = await Promise.all([
    getJson<ServerInformation>("/_croft/client/v1/server"),
    getJson<ReplyOf<typeof getSetupState>>("/_croft/client/v1/setup"),
    askReadiness(),
  ]);
  const lacking = Object.entries(readiness.parts).filter(([, state]) => state !== "ready");
  const health = { ready: readiness.ready, lacking: lacking.map(([part, state]) => `${part}: ${state}`) };
  return { information, setupNeeded: setup.setup_needed, health, unreachable: false };
}

/** A proxy may keep how the server is to itself; that it answers is what is left to tell then. */
async function askReadiness(): Promise<ReplyOf<typeof getReadiness>> {
  const reply = await fetch("/readyz");
  const isTold = reply.headers.get("content-type")?.startsWith("application/json");
  return isTold ? await reply.json() : { ready: true, parts: {} };
}

async function getJson<Reply>(path: string): Promise<Reply> {
  const reply = await fetch(path);
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return (await reply.json()) as Reply;
}
