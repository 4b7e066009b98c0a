import { type FormEvent, useId, useState } from "react";
import type { ServerInformation } from "../server/use-server.ts";
import { completeSetup } from "./complete-setup.ts";

const MIN_PASSWORD_LENGTH = 8;

export function SetupForm({
  information,
  token,
  onDone,
}: {
  information: ServerInformation;
  token: string;
  onDone: (userId: string) => void;
}) {
  const [localpart, setLocalpart] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const id = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      onDone(await completeSetup({ token, localpart, password }));
    } catch (error) {
      setFailure((error as Error).message);
      setBusy(false);
    }
  };

  return (
    <>
      <section className="hero">
        <p className="eyebrow">Set up {information.server_name}</p>
        <h1>Make yourself at home</h1>
        <p>The first account is yours, and it runs the place: you can let others in later.</p>
      </section>
      <form className="card" onSubmit={(event) => void submit(event)}>
        <label htmlFor={`${id}-name`}>User name</label>
        <div className="field">
          <span aria-hidden="true">@</span>
          <input
            id={`${id}-name`}
            name="username"
            value={localpart}
            onChange={(event) => setLocalpart(event.target.value.toLowerCase())}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            pattern="[a-z0-9._=\-\/+]+"
            title="Small letters, digits and . _ = - / +"
            maxLength={200}
            required
            aria-describedby={`${id}-name-hint`}
          />
          <span aria-hidden="true" className="domain">
            :{information.server_name}
          </span>
        </div>
        <p className="hint" id={`${id}-name-hint`}>
          This is how others find you. It cannot be changed later.
        </p>
        <label htmlFor={`${id}-password`}>Password</label>
        <div className="field">
          <input
            id={`${id}-password`}
            name="password"
            type={shown ? "text" : "password"}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="new-password"
            minLength={MIN_PASSWORD_LENGTH}
            maxLength={512}
            required
            aria-describedby={`${id}-password-hint`}
          />
          <button type="button" className="inside" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? "Hide" : "Show"}
          </button>
        </div>
        <p className="hint" id={`${id}-password-hint`}>
          At least {MIN_PASSWORD_LENGTH} characters. A few words in a row are easy to remember and hard to guess.
        </p>
        {failure !== undefined && (
          <p className="failure" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" className="primary" disabled={busy}>
          {busy ? "Making your account…" : "Make my account"}
        </button>
      </form>
    </>
  );
}
