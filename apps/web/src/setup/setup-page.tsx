import { useEffect, useRef, useState } from "react";
import type { ServerInformation } from "../server/use-server.ts";
import { Connect } from "../start/connect.tsx";
import { SetupForm } from "./setup-form.tsx";

/** Makes the first account with the token behind the `#` of the link. */
export function SetupPage({ information, setupNeeded }: { information: ServerInformation; setupNeeded: boolean }) {
  const [userId, setUserId] = useState<string>();
  const [token] = useState(() => location.hash.slice(1));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The form that had the focus is gone: whoever listens to the page hears what came of it.
    if (userId !== undefined) heading.current?.focus();
  }, [userId]);
  const done = (made: string) => {
    // The token is spent; nobody needs to find it in the history.
    history.replaceState(null, "", "/setup");
    setUserId(made);
  };
  if (userId !== undefined) {
    return (
      <>
        <section className="hero">
          <p className="eyebrow">Welcome home</p>
          <h1 ref={heading} tabIndex={-1}>
            {userId}
          </h1>
          <p>Your account is ready, and you are this server’s administrator.</p>
        </section>
        <Connect information={information} userId={userId} />
      </>
    );
  }
  if (!setupNeeded) {
    return (
      <section className="card">
        <h1>Already set up</h1>
        <p>
          This server has its first account. <a href="/">See how to connect an app.</a>
        </p>
      </section>
    );
  }
  if (token === "") {
    return (
      <section className="card">
        <h1>The link is cut short</h1>
        <p>
          The setup link ends in <code>#</code> and a long row of letters. Copy all of it from the terminal.
        </p>
      </section>
    );
  }
  return <SetupForm information={information} token={token} onDone={done} />;
}
