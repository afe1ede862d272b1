import type { Host } from "../host.ts";
import { useStore } from "../store.ts";

/** Who is signed in, and what can be done about it. */
export function AccountMenu({ host }: { host: Host }) {
  const person = useStore(host.account.person);
  const link = useStore(host.account.link);
  if (link) {
    return <a class="button" href={link.href} target="_blank" rel="opener">Open the sign-in page</a>;
  }
  if (!person) return <button type="button" class="quiet" onClick={() => host.signIn()}>Sign in</button>;
  return (
    <details class="account">
      <summary aria-label={`Signed in as ${person.name}`}>
        <span class="avatar" aria-hidden="true">{person.name.slice(0, 1)}</span>
        <span class="account-name">{person.name}</span>
      </summary>
      <div class="menu">
        <p>
          Signed in as <strong>{person.name}</strong>
        </p>
        <p class="small">
          {person.name} allowed:
        </p>
        <ul class="scopes">{person.scopes.map((scope) => <li key={scope}>{scope}</li>)}</ul>
        <button type="button" class="quiet" onClick={() => host.switchPerson()}>Switch person</button>
        <button type="button" class="quiet" onClick={() => host.signOut()}>Sign out</button>
      </div>
    </details>
  );
}
