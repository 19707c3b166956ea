import type { ZookeeperQueueStore } from '../../platform.ts';

const text = JSON.stringify;

/**
 * The queue's rules as a program of jq: from a document that Elasticsearch found to the line that creates its entry, for
 * `zkCli.sh`; nothing for one that stands in no queue.
 */
export function jobsProgram(store: ZookeeperQueueStore, queue: string): string {
  const { from, entry, running } = store;
  const states = [...from.state.waiting, ...(running === 'requeue' ? from.state.running : [])];
  const rules = Object.values(from.leaveOut).map((wanted) => {
    const all = Object.entries(wanted).map(([field, values]) => `has_one(${text(field)}; ${text(values)})`);
    return `select((${['true', ...all].join(' and ')}) | not)`;
  });
  const priorities = from.priority.map(({ field, pattern }) =>
    pattern === undefined
      ? `texts(${text(field)})[]`
      : `(texts(${text(field)})[] | match(${text(pattern)}) | .captures[0].string | select(. != null))`,
  );
  const priority = `([${[...priorities, 'empty'].join(', ')} | select(test("^[0-9]{1,3}$")) | tonumber] + [${store.defaultPriority}] | first)`;
  return [
    'def texts(f): [(.[f] // (try getpath(f / ".") catch null))] | flatten | map(select(. != null) | tostring);',
    'def has_one(f; wanted): any(texts(f)[]; . as $one | wanted | index([$one]) != null);',
    '._id as $id | ._source',
    `| select(has_one(${text(from.state.field)}; ${text(states)}))`,
    ...rules.map((rule) => `| ${rule}`),
    `| (${priority} | "00\\(.)"[-3:]) as $priority`,
    `| (${filled(entry.value)}) as $value`,
    '| if ($value | test("\\\\s")) then error("an entry holds a space, which zkCli.sh cannot write: \\($value)") else . end',
    `| "create -s " + ${text(`${queue}/${entry.folder}/`)} + ${filledName(entry.name)} + " " + $value + ${text(aclOf(store))}`,
  ].join('\n');
}

/** What follows the data in zkCli's `create`; nothing: open to everybody, which is its default. */
export function aclOf({ acl }: Pick<ZookeeperQueueStore, 'acl'>): string {
  return acl.join() === 'world:anyone:cdrwa' ? '' : ` ${acl.join()}`;
}

function filled(template: string): string {
  const parts = template.split(/\{([^{}]+)\}/);
  const terms = parts.map((part, position) => {
    if (position % 2 === 0) return text(part);
    return part === '_id' ? '$id' : `(texts(${text(part)})[0] // error(${text(`a job has no ${part}`)}))`;
  });
  return terms.join(' + ');
}

const filledName = (name: string) =>
  name
    .split('{priority}')
    .map((part) => text(part))
    .join(' + $priority + ');
