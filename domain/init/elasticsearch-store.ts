import type { RepositorySettings } from '../platform.ts';
import { asks, below, isName, isPlain, says, type Part, type Remark } from './proposal.ts';
import type { DataService } from './roles.ts';
import { secretFor } from './secrets.ts';
import type { ElasticsearchAnswer } from './seen.ts';

type Answered = Extract<ElasticsearchAnswer, { kind: 'answered' }>;
type Registered = Answered['repositories'][number];

/** The services of one cluster, and what the first of them that answered told. */
export interface Cluster {
  nodes: DataService[];
  answer: ElasticsearchAnswer;
}

/** The store of one cluster. `fallback`: what its bucket is called when nobody knows. */
export function elasticsearchStore(
  { nodes, answer }: Cluster,
  { name, fallback }: { name: string; fallback: string },
): Part<Record<string, unknown>> {
  const services = nodes.map(({ service }) => service);
  const names = services.map(({ service }) => service);
  const repository = chooseRepository(answer, fallback);
  const login = loginOf({ nodes, answer });
  const secrets = keystoreOf(services, repository.value);
  return {
    value: {
      name,
      kind: 'elasticsearch',
      service: names.length === 1 ? names[0] : names,
      ...('scheme' in answer && answer.scheme === 'https' && { scheme: 'https' }),
      ...login.value,
      indices: ['*'],
      repository: { ...repository.value },
      ...(Object.keys(secrets.value).length > 0 && { secrets: secrets.value }),
    },
    remarks: [
      ...recognised(nodes, answer),
      ...login.remarks,
      ...indicesRemark(answer),
      ...below(['repository'], repository.remarks),
      ...below(['secrets'], secrets.remarks),
    ],
  };
}

function recognised(nodes: readonly DataService[], answer: ElasticsearchAnswer): Remark[] {
  const signs = nodes.map(({ service, signs }) => `${service.service} by ${signs.join(', ')}`).join('; ');
  if (answer.kind === 'answered') return [says([], `Elasticsearch ${answer.version} answered. Recognised: ${signs}.`)];
  const why = answer.kind === 'refused' ? 'it wants a log-in' : 'it did not answer';
  return [asks([], `Seems to be Elasticsearch (${signs}), but could not be asked: ${why}.`)];
}

function indicesRemark(answer: ElasticsearchAnswer): Remark[] {
  const counted = answer.kind === 'answered' ? ` It has ${answer.indices.length} now.` : '';
  return [says(['indices'], `All indices, resolved at each backup.${counted} Name patterns to take fewer.`)];
}

/** A registered repository of S3 before others, a writable one before others, else by name. */
function chooseRepository(answer: ElasticsearchAnswer, fallback: string): Part<RepositorySettings> {
  const registered = answer.kind === 'answered' ? answer.repositories.filter(({ name }) => isName(name)) : [];
  const [chosen, ...others] = registered.toSorted(
    (a, b) =>
      Number(a.readonly) - Number(b.readonly) ||
      Number(a.type !== 's3') - Number(b.type !== 's3') ||
      (a.name < b.name ? -1 : 1),
  );
  if (chosen === undefined)
    return {
      value: { name: 'rekindle', type: 's3', settings: { bucket: fallback } },
      remarks: [
        asks([], 'No snapshot repository is known. Name the bucket that snapshots go to, which must exist.'),
        asks(['settings'], 'Where it is not Amazon: endpoint, and path_style_access where the server wants that'),
      ],
    };
  const { settings, dropped } = withoutSecrets(chosen);
  return {
    value: { name: chosen.name, type: chosen.type, settings },
    remarks: [
      says([], 'As it is registered now.'),
      ...(chosen.readonly
        ? [asks([], 'It is registered read-only here: does another cluster write to it? Two writers would corrupt it.')]
        : []),
      ...(others.length > 0
        ? [asks([], `Others are registered, too: ${others.map(({ name }) => name).join(', ')}. Is this the one?`)]
        : []),
      ...(dropped.length > 0
        ? [asks(['settings'], `Left out: ${dropped.join(', ')}. Give secrets as "secrets".`)]
        : []),
    ],
  };
}

function withoutSecrets({ settings }: Registered) {
  const all = Object.entries(settings);
  const kept = all.filter(([key, value]) => !/secret|password|access_key|token|_key$/.test(key) && isPlain(value));
  const own = all.filter(([key]) => !['readonly', 'rekindle_readonly_by'].includes(key));
  return {
    settings: Object.fromEntries(kept.filter(([key]) => own.some(([name]) => name === key))),
    dropped: own.flatMap(([key]) => (kept.some(([name]) => name === key) ? [] : [key])),
  };
}

/** Username and password, where the cluster demands them. */
function loginOf({ nodes, answer }: Cluster): Part<Record<string, unknown>> {
  const services = nodes.map(({ service }) => service);
  const secured = services.some(
    ({ settings, variables }) =>
      settings['xpack.security.enabled'] === 'true' || variables.some((name) => /^ELASTIC_PASSWORD/.test(name)),
  );
  const wanted = answer.kind === 'refused' || (answer.kind === 'silent' && secured);
  if (!wanted) return { value: {}, remarks: [] };
  const password = secretFor(services, {
    at: ['password'],
    wanted: /elastic.*password|password.*elastic/i,
    name: 'elastic_password',
    what: "the user's password",
  });
  return {
    value: { username: 'elastic', password: password.value },
    remarks: [asks(['username'], 'Or an API key: docs/authentication.md'), ...password.remarks],
  };
}

/** Keystore entries that nodes need for the repository. */
function keystoreOf(
  services: DataService['service'][],
  { type, settings }: RepositorySettings,
): Part<Record<string, unknown>> {
  if (type !== 's3') return { value: {}, remarks: [] };
  const client = settings['client'] ?? 'default';
  const [accessKey, secretKey] = [`s3.client.${client}.access_key`, `s3.client.${client}.secret_key`];
  const access = secretFor(services, {
    at: [accessKey],
    wanted: /^(?!.*secret).*access[_-]?key/i,
    name: 's3_access_key',
    what: "the bucket's access key",
  });
  const secret = secretFor(services, {
    at: [secretKey],
    wanted: /secret[_-]?(access[_-]?)?key/i,
    name: 's3_secret_key',
    what: "the bucket's secret key",
  });
  return {
    value: { [accessKey]: access.value, [secretKey]: secret.value },
    remarks: [...access.remarks, ...secret.remarks],
  };
}
