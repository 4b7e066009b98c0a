import { type Account, type MatrixLoad, percentile } from "./matrix-client.ts";

export type SendResult = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The warm-up's included. */
  readonly sent: number;
};

/** About 1 KB as an event, like the floor's. */
const TEXT = "The quick brown fox jumps over the lazy dog and goes on about it for a while. ".repeat(6);

/** `senders` people send one message after the other for `ms`, spread over the rooms; after an unmeasured warm-up. */
export async function sendLoad(
  load: MatrixLoad,
  { senders, roomIds, ms, run }: { senders: readonly Account[]; roomIds: readonly string[]; ms: number; run: string },
): Promise<SendResult> {
  let times: number[] = [];
  const round = async (name: string, forMs: number) => {
    const end = performance.now() + forMs;
    await Promise.all(
      senders.map(async ({ token }, sender) => {
        const roomId = encodeURIComponent(roomIds[sender % roomIds.length] ?? "");
        for (let count = 0; performance.now() < end; count++) {
          const started = performance.now();
          const path = `/_matrix/client/v3/rooms/${roomId}/send/m.room.message/${run}-${name}-${sender}-${count}`;
          await load.request("PUT", path, { token, body: { msgtype: "m.text", body: TEXT } });
          times.push(performance.now() - started);
        }
      }),
    );
  };
  await round("warm", ms / 4);
  const warmUp = times.length;
  times = [];
  const started = performance.now();
  await round("run", ms);
  const seconds = (performance.now() - started) / 1000;
  return {
    perSecond: Math.round(times.length / seconds),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    sent: warmUp + times.length,
  };
}
