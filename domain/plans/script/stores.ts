import { servicesOf, storesOfKind, type ElasticsearchStore, type Platform } from '../../platform.ts';
import { call, quoted, words } from './quote.ts';
import type { ScriptSecrets } from './secrets.ts';

/** The function `select_store`, which sets the variables of one Elasticsearch store. */
export function storeLines(platform: Platform, secrets: ScriptSecrets): string[] {
  const stores = storesOfKind(platform, 'elasticsearch');
  return [
    '# Sets what the functions below need of one Elasticsearch.',
    'select_store() {',
    '  case $1 in',
    ...stores.flatMap((store) => [
      `    ${quoted(store.name)})`,
      ...settingsOf(store, secrets).map((line) => `      ${line}`),
      '      ;;',
    ]),
    '  esac',
    '  [ -n "$es_address" ] || es_address=$es_scheme://$(address_of "${es_services[@]}"):$es_port',
    '}',
    '',
    '# The keystore entries that the nodes of a store need.',
    'add_keystore_entries() {',
    '  case $1 in',
    ...stores.flatMap((store) => [
      `    ${quoted(store.name)})`,
      ...Object.entries(store.secrets).map(
        ([entry, reference]) =>
          `      ${call('add_keystore_entry', entry, secrets.use(reference, `Keystore entry ${entry} of ${store.name}`))}`,
      ),
      '      true',
      '      ;;',
    ]),
    '  esac',
    '}',
  ];
}

/** The function `select_postgres`, which does the same for PostgreSQL. */
export function postgresLines(platform: Platform, secrets: ScriptSecrets): string[] {
  return [
    '# Sets what the functions below need of one PostgreSQL.',
    'select_postgres() {',
    '  case $1 in',
    ...storesOfKind(platform, 'postgres').flatMap(({ name, service, port, host, username, password }) => [
      `    ${quoted(name)})`,
      `      postgres_service=${quoted(service)}`,
      `      postgres_user=${quoted(username)}`,
      `      postgres_port=${port}`,
      `      postgres_host=${quoted(host ?? '')}`,
      `      postgres_secret=${password === undefined ? 'true' : secrets.use(password, `PostgreSQL, store ${name}`)}`,
      '      ;;',
    ]),
    '  esac',
    '}',
  ];
}

function settingsOf(store: ElasticsearchStore, secrets: ScriptSecrets): string[] {
  const { repository, tls, snapshotThrottle } = store;
  const settings = { ...repository.settings };
  if (snapshotThrottle !== undefined) settings['max_snapshot_bytes_per_sec'] = snapshotThrottle;
  const address =
    store.nodes?.[0]?.replace(/\/+$/, '') ??
    (store.address === undefined ? '' : `${store.scheme}://${store.address}:${store.port}`);
  const options = [
    ...(tls?.ca === undefined ? [] : ['--cacert', tls.ca]),
    ...(tls?.certificate === undefined ? [] : ['--cert', tls.certificate]),
    ...(tls?.key !== undefined && 'file' in tls.key ? ['--key', tls.key.file] : []),
  ];
  return [
    `es_services=(${words(servicesOf(store))})`,
    `es_scheme=${store.scheme}`,
    `es_port=${store.port}`,
    `es_address=${quoted(address)}`,
    `es_tls=(${words(options)})`,
    ...loginOf(store, secrets),
    `repository=${quoted(repository.name)}`,
    `repository_body=${quoted(JSON.stringify({ type: repository.type, settings }))}`,
  ];
}

function loginOf({ name, username, password, auth }: ElasticsearchStore, secrets: ScriptSecrets): string[] {
  const what = `Log-in at Elasticsearch, store ${name}`;
  const basic = auth?.kind === 'basic' ? auth : username !== undefined && password ? { username, password } : undefined;
  if (basic)
    return ['es_login=basic', `es_user=${quoted(basic.username)}`, `es_secret=${secrets.use(basic.password, what)}`];
  if (auth?.kind === 'apiKey') return ['es_login=ApiKey', `es_secret=${secrets.use(auth.apiKey, what)}`];
  if (auth?.kind === 'bearer') return ['es_login=Bearer', `es_secret=${secrets.use(auth.token, what)}`];
  if (auth?.kind === 'aws')
    return [
      "die 'Requests to this Elasticsearch are signed for AWS: write that into es() first, with curl --aws-sigv4'",
    ];
  return ['es_login=none'];
}
