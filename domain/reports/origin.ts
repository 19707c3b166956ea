import { isChained, type RunReport } from './run-report.ts';

/** What was restored, on what, and what wrote the report: name, version, digest. */
export function versionRows(report: RunReport): string[][] {
  const { sources, writtenBy, planHash, platformFileHash, manifestHash, recoveryPoint } = report;
  const digests: [string, string, string | undefined][] = [
    ['Plan', '', planHash],
    ['Platform file', '', platformFileHash],
    ['Manifest of the recovery point', recoveryPoint?.id ?? '', manifestHash],
  ];
  return [
    ...(writtenBy ? [['Rekindle', `${writtenBy.version}, on Node ${writtenBy.node}`, '']] : []),
    ...Object.entries(sources?.engines ?? {}).map(([host, version]) => [`Docker engine of ${host}`, version, '']),
    ...Object.entries(sources?.elasticsearch ?? {}).map(([store, version]) => [
      `Elasticsearch of ${store}`,
      version,
      '',
    ]),
    ...Object.entries(sources?.images ?? {}).map(([service, { reference, digest }]) => [
      `Image of ${service}`,
      reference,
      digest,
    ]),
    ...digests.flatMap(([name, version, digest]) =>
      digest === undefined ? [] : [[name, version, `sha256:${digest}`]],
    ),
  ];
}

/** How the report can be told from a forged one: its own digest, its link, and those before it. */
export function chainRows({ chain, kind, run: self }: RunReport): string[][] {
  if (chain === undefined) return [];
  const { report, link, linked, previous } = chain;
  const own = ['This report (SHA-256)', report];
  if (!isChained({ kind })) return [own, ['Link', `none: the reports of a ${kind} are not chained`]];
  if (link === undefined)
    return [own, ['Link', 'NONE: it was written before there was a chain, or the link was removed']];
  return [
    own,
    ...(linked === undefined ? [] : [['CHANGED after it was written', `its link names ${linked}`]]),
    ['Link of this report (SHA-256)', link],
    ...(previous.length === 0 ? [['Before it', 'none: it is the first of the chain']] : []),
    ...previous.flatMap(({ link: before, run, report: digest = '' }) =>
      run === undefined
        ? [
            ['Before it', 'NOT KNOWN: the link is missing'],
            ['That link (SHA-256)', before],
          ]
        : [
            ['Before it', run === self ? `${run}, before notes were added at its end` : run],
            ['Its report (SHA-256)', digest],
            ['Its link (SHA-256)', before],
          ],
    ),
  ];
}
