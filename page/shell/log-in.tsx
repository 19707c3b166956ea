import { useState } from 'preact/hooks';
import type { Answer, Session } from '../../api/types.ts';
import { ask, type Refused } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';

/** The address at which helper pages of a provider begin. */
const oidcStart = '/login/oidc';

export function LogIn({ session: { logins }, done }: { session: Session; done: () => void }) {
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const logIn = async () => {
    try {
      await ask<Answer>('logIn', {}, { token: token.trim() });
      done();
    } catch (error) {
      setRefused(error as Refused);
    }
  };
  return (
    <main id="main" class="log-in" tabIndex={-1}>
      <h1>Log in</h1>
      {logins.includes('oidc') && (
        <a class="button primary" href={oidcStart}>
          Log in with your organisation
        </a>
      )}
      {logins.includes('token') && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void logIn();
          }}
        >
          <label>
            Token
            <input
              type="password"
              autocomplete="current-password"
              value={token}
              onInput={({ currentTarget }) => setToken(currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary" disabled={token.trim() === ''}>
            Log in
          </button>
          <p class="dim">
            On the gateway's machine, <code>rekindle token create</code> makes one.
          </p>
        </form>
      )}
      {logins.length === 1 && logins[0] === 'proxy' && (
        <Notice
          tone="warn"
          message="The proxy in front of this gateway did not say who you are"
          remedy="Open the page at the proxy's address, and log in there"
        />
      )}
      {refused && <Notice message={refused.message} remedy={refused.remedy} />}
    </main>
  );
}
