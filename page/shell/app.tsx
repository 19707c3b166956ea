import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../api/types.ts';
import { onLogOut } from '../api/client.ts';
import { useAsked, useConnection, useVersion } from '../api/hooks.ts';
import { SessionContext } from '../api/session.ts';
import { Fleet } from '../fleets/fleet.tsx';
import { Incident } from '../incidents/incident.tsx';
import { Incidents } from '../incidents/incidents.tsx';
import { Announcements } from '../parts/announce.tsx';
import { Loaded } from '../parts/loading.tsx';
import { Platform } from '../platform/platform.tsx';
import { Platforms } from '../platforms/platforms.tsx';
import { parseRoute, type Route } from '../route.ts';
import { Run } from '../run/run.tsx';
import { Audit } from './audit.tsx';
import { Banner, Warnings } from './banner.tsx';
import { Header } from './header.tsx';
import { LogIn } from './log-in.tsx';
import { titleOf } from './title.ts';

const retry = 5000;
/** What is wrong with the gateway is asked again this often, in milliseconds. */
const askAgain = 30_000;

export function App() {
  const route = useRoute();
  const [version, changed] = useVersion();
  const session = useAsked<Session>('session', {}, version);
  const { downSince } = useConnection();
  useEffect(() => onLogOut(changed), []);
  useEffect(() => {
    const timer = setInterval(changed, askAgain);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (session.data !== undefined || session.refused === undefined) return undefined;
    const timer = setTimeout(changed, retry);
    return () => clearTimeout(timer);
  }, [session]);
  return (
    <Loaded of={session} what="who you are">
      {(known) => (
        <SessionContext.Provider value={known}>
          <Header route={route} changed={changed} />
          <Banner />
          <Warnings of={known.warnings} />
          <div class={downSince === undefined ? 'content' : 'content old'}>
            {known.caller ? <View route={route} /> : <LogIn session={known} done={changed} />}
          </div>
          <Announcements />
        </SessionContext.Provider>
      )}
    </Loaded>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'platform':
      return <Platform key={route.platform} name={route.platform} />;
    case 'run':
      return <Run key={route.run} id={route.run} />;
    case 'fleet':
      return <Fleet key={route.fleet} name={route.fleet} />;
    case 'incident':
      return <Incident key={route.incident} id={route.incident} />;
    case 'incidents':
      return <Incidents />;
    case 'audit':
      return <Audit />;
    case 'nowhere':
      return (
        <main id="main" tabIndex={-1}>
          <h1>There is nothing here</h1>
          <p>
            <a href="#/">To the platforms</a>
          </p>
        </main>
      );
    default:
      return <Platforms />;
  }
}

/** On another page, the reading goes on at its beginning, as it would had a browser loaded it. */
function useRoute(): Route {
  const [route, set] = useState(() => parseRoute(location.hash));
  const first = useRef(true);
  useEffect(() => {
    const changed = () => set(parseRoute(location.hash));
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  useEffect(() => {
    document.title = titleOf(route);
    if (!first.current) {
      window.scrollTo(0, 0);
      document.getElementById('main')?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [route]);
  return route;
}
