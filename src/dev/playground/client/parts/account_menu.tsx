import type { Host } from "../host.ts";
import { useStore } from "../store.ts";

/** Who is signed in, and the actions of the account. */
export function AccountMenu({ host }: { host: Host }) {
  const person = useStore(host.account.person);
  const link = useStore(host.account.link);
  if (link) {
    return <a class="button" href={link.href} target="_blank" rel="opener">Open the sign-in page</a>;
  }
  if (!person) return <button type="button" class="quiet" onClick={() => host.signIn()}>Sign in</button>;
  return (
    <>
      <button
        type="button"
        class="account"
        popovertarget="account"
        aria-label={`Signed in as ${person.name}`}
      >
        <span class="avatar" data-initial={[...person.name][0]} />
        <span class="account-name" dir="auto">{person.name}</span>
      </button>
      <div class="menu" id="account" popover="auto">
        <p>
          Signed in as <strong dir="auto">{person.name}</strong>, who allowed
        </p>
        <ul class="scopes">{person.scopes.map((scope) => <li key={scope}>{scope}</li>)}</ul>
        <MenuItem words="Switch person" onClick={host.switchPerson} />
        <MenuItem words="Sign out" onClick={host.signOut} />
      </div>
    </>
  );
}

function MenuItem({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <button type="button" class="quiet" popovertarget="account" popovertargetaction="hide" onClick={onClick}>
      {words}
    </button>
  );
}
