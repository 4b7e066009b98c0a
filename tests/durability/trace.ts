/** A system call of the trace: where it began and ended in the order of lines, and what strace printed of it. */
export type Call = { readonly name: string; readonly args: string; readonly began: number; readonly ended: number };

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (-?\d+)/;
const BEGUN = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+)/;

/** Reads what `strace -f` wrote. Calls that failed are left out: they have done nothing. */
export function readTrace(text: string): Call[] {
  const calls: Call[] = [];
  const begun = new Map<string, { readonly name: string; readonly args: string; readonly began: number }>();
  for (const [line, content] of text.split("\n").entries()) {
    const whole = WHOLE.exec(content);
    const start = BEGUN.exec(content);
    const end = RESUMED.exec(content);
    if (whole) {
      const [, , name = "", args = "", result] = whole;
      if (Number(result) >= 0) calls.push({ name, args, began: line, ended: line });
    } else if (start) {
      const [, thread = "", name = "", args = ""] = start;
      begun.set(thread, { name, args, began: line });
    } else if (end) {
      const [, thread = "", , result] = end;
      const call = begun.get(thread);
      begun.delete(thread);
      if (call && Number(result) >= 0) calls.push({ ...call, ended: line });
    }
  }
  return calls;
}

const isLogWrite = ({ name, args }: Call) => /^pwrite(64|v|v2)?$|^writev?$/.test(name) && /^\d+<[^>]*-wal>/.test(args);
const isLogSync = ({ name, args }: Call) => /^f(data)?sync$/.test(name) && /^\d+<[^>]*-wal>/.test(args);
const isAnswer = ({ name, args }: Call) => /^(write|writev|send|sendto|sendmsg)$/.test(name) && !/-wal>/.test(args);

/** What was sent to a client: a text in its content, and the id that its answer carries. */
export type Acknowledged = { readonly text: string; readonly eventId: string };

/**
 * The events that were acknowledged before the write-ahead log held them on disk: for each, a sync of the log must lie
 * between the writing of its text to the log and the writing of its id to a socket.
 */
export function acknowledgedTooEarly(calls: readonly Call[], acknowledged: readonly Acknowledged[]): string[] {
  const writes = calls.filter(isLogWrite);
  const syncs = calls.filter(isLogSync);
  const answers = calls.filter(isAnswer);
  return acknowledged.flatMap(({ text, eventId }) => {
    const written = writes.find(({ args }) => args.includes(text));
    const answered = answers.find(({ args }) => args.includes(eventId));
    if (!written) return [`${eventId} was never written to the log`];
    if (!answered) return [`${eventId} was never answered`];
    const synced = syncs.some(({ began, ended }) => began > written.ended && ended < answered.began);
    return synced
      ? []
      : [`${eventId} was written at ${written.ended} and answered at ${answered.began} without a sync`];
  });
}
