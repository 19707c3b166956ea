import { useState } from 'preact/hooks';
import { ask } from '../api/client.ts';
import { rememberedName, rememberName, useSession } from '../api/session.ts';
import { hrefOf, type Route } from '../route.ts';
import { ThemeSwitch } from './theme.tsx';

export function Header({ route, changed }: { route: Route; changed: () => void }) {
  const here = (...views: Route['view'][]) => (views.includes(route.view) ? 'page' : undefined);
  return (
    <header class="top">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The address stands for what is shown.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <a class="brand" href={hrefOf.platforms}>
        Rekindle
      </a>
      <nav aria-label="Main">
        <a href={hrefOf.platforms} aria-current={here('platforms', 'platform', 'run', 'fleet')}>
          Platforms
        </a>
        <a href={hrefOf.incidents} aria-current={here('incidents', 'incident')}>
          Incidents
        </a>
        <a href={hrefOf.audit} aria-current={here('audit')}>
          Audit
        </a>
      </nav>
      <Who changed={changed} />
      <ThemeSwitch />
    </header>
  );
}

/** Who acts here. Without access control it is what people called themselves, and may be changed. */
function Who({ changed }: { changed: () => void }) {
  const { caller, logins } = useSession();
  const [name, setName] = useState(rememberedName);
  if (caller === undefined) return null;
  if (caller.method === 'none')
    return name === '' ? null : (
      <button
        type="button"
        class="plain who"
        title="Access control is off: this is the name that you gave"
        onClick={() => {
          rememberName('');
          setName('');
        }}
      >
        {name} <span class="dim">forget</span>
      </button>
    );
  return (
    <span class="who">
      {caller.name} <span class="dim">{caller.role}</span>
      {(caller.method === 'oidc' || (caller.method === 'token' && logins.includes('token'))) && (
        <button type="button" class="plain" onClick={() => void ask('logOut').finally(changed)}>
          Log out
        </button>
      )}
    </span>
  );
}
