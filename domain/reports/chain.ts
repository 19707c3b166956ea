import { compactTime, isoTime, runOf, slugOf } from '../recovery-points/key-parts.ts';
import type { PlatformName } from '../names.ts';

/**
 * One link of the chain of a platform's reports: which report was written, with its digest, and the links that were the
 * newest by then. Usually there is one; two runs that end at once leave two, and the next link names both.
 */
export interface ReportLink {
  run: string;
  /** When its run ended. ISO 8601, UTC. */
  finishedAt: string;
  /** SHA-256 of the report. */
  report: string;
  /** Names of earlier links: the SHA-256 of their text. */
  previous: string[];
}

/** A link as it was found; `name`: what its key says, `digest`: what its text comes to. They differ when it was changed. */
export interface StoredLink extends ReportLink {
  name: string;
  digest: string;
}

export function linksPrefix(platform: PlatformName): string {
  return `${platform}/report-links/`;
}

/** Keys sort by the time of the run's end. */
export function linkKey(platform: PlatformName, { run, finishedAt }: ReportLink, name: string): string {
  return `${linksPrefix(platform)}${compactTime(finishedAt)}~${slugOf(run)}~${name}.json`;
}

/** The name of the link with this key; undefined for other keys. */
export function parseLinkKey(platform: PlatformName, key: string): string | undefined {
  const prefix = linksPrefix(platform);
  const [time = '', slug = '', last = '', ...rest] = key.startsWith(prefix) ? key.slice(prefix.length).split('~') : [];
  const known = isoTime(time) !== undefined && runOf(slug) !== undefined && rest.length === 0;
  return known ? /^([0-9a-f]{64})\.json$/.exec(last)?.[1] : undefined;
}

/** Whether the link with this key is of the run. */
export function isLinkOf(platform: PlatformName, key: string, run: string): boolean {
  return key.startsWith(linksPrefix(platform)) && key.split('~')[1] === slugOf(run);
}

/** The bytes that are stored and hashed. */
export function linkText({ run, finishedAt, report, previous }: ReportLink): string {
  return `${JSON.stringify({ format: 'rekindle-report-link/1', run, finishedAt, report, previous })}\n`;
}

/** Those that no other names: what the next link must name. */
export function headsOf(links: readonly StoredLink[]): string[] {
  const named = new Set(links.flatMap(({ previous }) => previous));
  return links
    .map(({ name }) => name)
    .filter((name) => !named.has(name))
    .toSorted();
}

/** Where a report stands in the chain. */
export interface ChainPlace {
  /** SHA-256 of the report as it lies in the catalogue. */
  report: string;
  /** Its link; absent: it has none. */
  link?: string;
  /** What the link names; absent: as it is. The report was changed after it was written. */
  linked?: string;
  /** The links before it. `run` and `report` are absent where that link is gone. */
  previous: { link: string; run?: string; report?: string }[];
}

/** `digest`: SHA-256 of the run's report as it lies there; `links`: at least its own and those before it. */
export function placeIn(links: readonly StoredLink[], run: string, digest: string): ChainPlace {
  // One that was written twice has two links: the one that names it as it is counts.
  const own = links.filter((link) => link.run === run);
  const link = own.findLast(({ report }) => report === digest) ?? own.at(-1);
  if (link === undefined) return { report: digest, previous: [] };
  return {
    report: digest,
    link: link.name,
    ...(link.report !== digest && { linked: link.report }),
    previous: link.previous.map((name) => {
      const before = links.find((one) => one.name === name);
      return { link: name, ...(before && { run: before.run, report: before.report }) };
    }),
  };
}

/** A chained report that the catalogue holds, or should hold. */
export interface KnownReport {
  run: string;
  finishedAt: string;
  /** SHA-256 of what is there; undefined: nothing is. */
  digest: string | undefined;
}

export interface ChainVerdict {
  reports: number;
  /** What was changed or removed, in words. */
  faults: string[];
  /** Reports that were written before there was a chain. */
  unchained: number;
  /** To be noted elsewhere: what was removed at the end is found by comparison with these alone. */
  heads: string[];
}

/** Whether every link is as it was written, none between the first and the newest is missing, and each report is the one it names. */
export function verifyChain(links: readonly StoredLink[], reports: readonly KnownReport[]): ChainVerdict {
  const names = new Set(links.map(({ name }) => name));
  const linkFaults = links.flatMap(({ run, finishedAt, name, digest, previous }) => [
    ...(name === digest ? [] : [`the link of ${run} (${finishedAt}) was changed`]),
    ...previous
      .filter((one) => !names.has(one))
      .map((one) => `the link before that of ${run} (${finishedAt}) is missing: ${one}`),
  ]);
  // A run's report may be written twice, by an attempt that was not heard: the newest link counts.
  const newest = new Map(links.map((link) => [link.run, link.report]));
  const first = links.map(({ finishedAt }) => finishedAt).toSorted()[0];
  const older = reports.filter(
    ({ run, finishedAt }) => !newest.has(run) && (first === undefined || finishedAt < first),
  );
  const known = new Map(reports.map((report) => [report.run, report]));
  const reportFaults = [...new Set([...newest.keys(), ...known.keys()])].flatMap((run) => {
    const report = known.get(run);
    const linked = newest.get(run);
    if (linked === undefined) return report && !older.includes(report) ? [`the report of ${run} has no link`] : [];
    if (report?.digest === undefined) return [`the report of ${run} is missing`];
    return report.digest === linked ? [] : [`the report of ${run} was changed after it was written`];
  });
  return {
    reports: newest.size,
    faults: [...linkFaults, ...reportFaults],
    unchained: older.length,
    heads: headsOf(links),
  };
}
