/** Settings that tie a node to its platform, its data or its files. A scratch node has none of them. */
const own =
  /^(cluster\.name|cluster\.initial_master_nodes|discovery\.|node\.|path\.|network\.|http\.|transport\.|bootstrap\.password|xpack\.security\.|xpack\.license\.|xpack\.monitoring\.)/;

/** Megabytes: enough to read the contents of a repository. */
const usualHeapMegabytes = 512;

export interface NodeProcess {
  Env?: string[];
  Cmd?: string[];
}

/**
 * A node's environment and arguments made into those of a scratch node: a cluster of its own that discovers nobody, a
 * small heap, no security (its files may be gone, and nobody else is on its network). What says how to reach the object
 * storage stays.
 */
export function scratchSettings(
  { Env = [], Cmd = [] }: NodeProcess,
  port: number,
  heapMegabytes = usualHeapMegabytes,
): Required<NodeProcess> {
  const kept = Env.filter(
    (entry) => !own.test(settingOf(nameOf(entry))) && !/^(ES_JAVA_OPTS|ELASTIC_PASSWORD)/.test(entry),
  );
  const java = (Env.find((entry) => nameOf(entry) === 'ES_JAVA_OPTS') ?? '').slice('ES_JAVA_OPTS='.length);
  const options = java.split(/\s+/).filter((option) => option !== '' && !/^-Xm[sx]/.test(option));
  return {
    Env: [
      ...kept,
      'cluster.name=rekindle-scratch',
      'discovery.type=single-node',
      'network.host=0.0.0.0',
      `http.port=${port}`,
      'xpack.security.enabled=false',
      `ES_JAVA_OPTS=${[...options, `-Xms${heapMegabytes}m`, `-Xmx${heapMegabytes}m`].join(' ')}`,
    ],
    Cmd: withoutOwn(Cmd),
  };
}

const nameOf = (entry: string) => entry.split('=', 1)[0] ?? '';

/** `ES_SETTING_CLUSTER_INITIAL__MASTER__NODES` is the other way to write `cluster.initial_master_nodes`. */
function settingOf(variable: string): string {
  const other = /^ES_SETTING_(.+)$/.exec(variable)?.[1];
  if (other === undefined) return variable;
  return other
    .split('__')
    .map((part) => part.replaceAll('_', '.'))
    .join('_')
    .toLowerCase();
}

/** Settings on the command line are `-Ename=value`, or `-E` and `name=value`. */
function withoutOwn(words: readonly string[]): string[] {
  return words.filter((word, at) => {
    const joined = /^-E(.+)$/.exec(word)?.[1];
    if (joined !== undefined) return !own.test(joined);
    if (word === '-E') return !own.test(words[at + 1] ?? '');
    return !(words[at - 1] === '-E' && own.test(word));
  });
}
