/** What the address after `#` stands for. Links in notifications lead here, so these addresses never change. */
export type Route =
  | { view: 'platforms' }
  | { view: 'platform'; platform: string }
  | { view: 'run'; run: string }
  | { view: 'fleet'; fleet: string }
  | { view: 'incidents' }
  | { view: 'incident'; incident: string }
  | { view: 'audit' }
  | { view: 'nowhere'; address: string };

export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/');
  const [place = '', ...rest] = parts;
  const name = decoded(rest.join('/'));
  if (place === '') return { view: 'platforms' };
  if (place === 'platforms') return name === '' ? { view: 'platforms' } : { view: 'platform', platform: name };
  if (place === 'runs' && name !== '') return { view: 'run', run: name };
  if (place === 'fleets') return name === '' ? { view: 'platforms' } : { view: 'fleet', fleet: name };
  if (place === 'incidents') return name === '' ? { view: 'incidents' } : { view: 'incident', incident: name };
  return place === 'audit' ? { view: 'audit' } : { view: 'nowhere', address: hash };
}

/** A link that somebody cut off in the middle of `%2F` still leads somewhere. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const hrefOf = {
  platforms: '#/',
  platform: (name: string) => `#/platforms/${encodeURIComponent(name)}`,
  run: (id: string) => `#/runs/${encodeURIComponent(id)}`,
  fleet: (name: string) => `#/fleets/${encodeURIComponent(name)}`,
  incidents: '#/incidents',
  incident: (id: string) => `#/incidents/${encodeURIComponent(id)}`,
  audit: '#/audit',
};
