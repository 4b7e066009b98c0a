import type { Health, ServerInformation } from "../server/use-server.ts";
import { Connect } from "./connect.tsx";

/** What the server is called, how it is, and how to come in. */
export function StartPage({
  information,
  setupNeeded,
  health,
}: {
  information: ServerInformation;
  setupNeeded: boolean;
  health: Health | undefined;
}) {
  return (
    <>
      <section className="hero" aria-labelledby="server-name">
        <p className="eyebrow">You have found</p>
        <h1 id="server-name">{information.server_name}</h1>
        <HealthNote health={health} />
      </section>
      {setupNeeded && (
        <section className="card notice">
          <h2>One step left</h2>
          <p>
            This server has no account yet. Whoever started it finds a setup link in the terminal, on a line of its own,
            ending in <code>/setup#…</code>. Opening it makes the first account. A restart prints a new one.
          </p>
        </section>
      )}
      <Connect information={information} />
    </>
  );
}

function HealthNote({ health }: { health: Health | undefined }) {
  const state = health === undefined ? "unknown" : health.ready ? "well" : "unwell";
  const words = { unknown: "Waiting for word", well: "Up and well", unwell: "Not ready" }[state];
  return (
    <div role="status">
      <p className={`health ${state}`}>
        <span className="dot" aria-hidden="true" />
        {words}
      </p>
      {health?.lacking.map((lack) => (
        <p key={lack} className="quiet">
          {lack}
        </p>
      ))}
    </div>
  );
}
