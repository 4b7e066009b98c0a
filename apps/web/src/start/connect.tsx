import { Copyable } from "../parts/copyable.tsx";
import type { ServerInformation } from "../server/use-server.ts";

const APPS = [
  { name: "Element", where: "web, desktop", href: "https://app.element.io/" },
  { name: "Element Classic", where: "Android, iOS", href: "https://element.io/download" },
  { name: "FluffyChat", where: "phones, web", href: "https://fluffychat.im/" },
  { name: "Cinny", where: "web, desktop", href: "https://cinny.in/" },
] as const;

/** How to use the server from an app. */
export function Connect({ information, userId }: { information: ServerInformation; userId?: string }) {
  const { base_url: baseUrl, server_name: serverName } = information;
  // The address this page came from works for whoever reads it, where the configured one is only a local name.
  const homeserver = (isLocal(baseUrl) ? location.origin : baseUrl).replace(/\/$/, "");
  return (
    <section className="card" aria-labelledby="connect">
      <h2 id="connect">Connect an app</h2>
      <ol className="steps">
        <li>
          <h3>Pick a Matrix app</h3>
          <ul className="apps">
            {APPS.map(({ name, where, href }) => (
              <li key={name}>
                <a href={href} rel="noreferrer">
                  <strong>{name}</strong>
                  <span>{where}</span>
                </a>
              </li>
            ))}
          </ul>
        </li>
        <li>
          <h3>Tell it this homeserver</h3>
          <p>
            When it asks where to sign in, choose “other” or “change server” and enter <b>this address</b>:
          </p>
          <Copyable label="Homeserver address" text={homeserver} />
          {isLocal(homeserver) && (
            <p className="quiet">
              This address works on this computer only. For phones and friends, give the server a name of its own.
            </p>
          )}
        </li>
        <li>
          <h3>{userId === undefined ? "Come in" : "Sign in"}</h3>
          {userId === undefined ? (
            <EntryNote information={information} />
          ) : (
            <>
              <p>with your password, as</p>
              <Copyable label="Your Matrix ID" text={userId} />
            </>
          )}
          {userId === undefined && (
            <p className="quiet">
              Names here look like <code>@you:{serverName}</code>.
            </p>
          )}
        </li>
      </ol>
    </section>
  );
}

function EntryNote({ information: { registration } }: { information: ServerInformation }) {
  if (registration === "open") return <p>Sign in, or make an account in the app: everybody may.</p>;
  if (registration === "token") {
    return <p>Sign in, or make an account in the app with the registration token you were given.</p>;
  }
  return <p>Sign in with your account. If you have none, ask whoever runs this server for one.</p>;
}

const isLocal = (url: string): boolean => ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
