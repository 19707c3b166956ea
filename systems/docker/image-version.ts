/** `docker.io/library/node:20` → `docker.io/library/node`: without tag and digest, registry ports left alone. */
export function repositoryOf(reference: string): string {
  const name = reference.split('@')[0] ?? reference;
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

/** With its tag, which is `latest` when it has none. Undefined: it is no tag but an id, or a registry's digest. */
export function tagOf(reference: string): string | undefined {
  if (reference.includes('@') || reference.startsWith('sha256:')) return undefined;
  return reference === repositoryOf(reference) ? `${reference}:latest` : reference;
}

const versionLabels = ['org.label-schema.version', 'org.opencontainers.image.version'];
const titleLabels = ['org.label-schema.name', 'org.opencontainers.image.title'];

/**
 * Elasticsearch's version by what an image says of itself; undefined: it does not say. Build tools stamp a version and a
 * tag of their own on an image that is derived from Elasticsearch's, which inherits the other labels: only labels that
 * agree with each other are believed, and a tag only when the image is called elasticsearch.
 */
export function elasticsearchVersionOf(reference: string, labels: Record<string, string>): string | undefined {
  const versions = versionLabels.map((label) => numberOf(labels[label]));
  const titled = titleLabels.some((label) => labels[label]?.toLowerCase() === 'elasticsearch');
  if (titled && versions[0] === versions[1] && versions[0] !== undefined) return versions[0];
  // Labels that disagree: it is a derived image, and its tag says as little.
  if (titled && versions.some((version) => version !== undefined)) return undefined;
  const repository = repositoryOf(reference);
  const tag = (reference.split('@')[0] ?? '').slice(repository.length + 1);
  return repository.split('/').at(-1) === 'elasticsearch' ? numberOf(tag) : undefined;
}

function numberOf(text: string | undefined): string | undefined {
  return /^v?(\d+\.\d+\.\d+)/.exec(text ?? '')?.[1];
}
