import {
  headsOf,
  verifyChain,
  type ChainVerdict,
  type KnownReport,
  type StoredLink,
} from '../../domain/reports/chain.ts';
import { isChained, type RunReport } from '../../domain/reports/run-report.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';

/** The newest link is among these, also when several runs ended at once: links are written in about the order of time. */
const lookedAt = 20;

/** Adds the link of a report that was written; nothing when it is there already. */
export async function chainReport(catalogue: Catalogue, report: RunReport, digest: string): Promise<void> {
  const { run, finishedAt, startedAt } = report;
  const { links } = await catalogue.reportLinks(lookedAt);
  if (links.some((link) => link.run === run && link.report === digest)) return;
  await catalogue.addReportLink({ run, finishedAt: finishedAt ?? startedAt, report: digest, previous: headsOf(links) });
}

export interface ReadChain {
  verdict: ChainVerdict;
  /** Oldest first. */
  links: StoredLink[];
  reports: KnownReport[];
}

/** Reads the chain and every report that belongs to it; `outcomes`: all that the catalogue lists. Failures: those of the catalogue. */
export async function readChain(catalogue: Catalogue, outcomes: readonly RunOutcome[]): Promise<ReadChain> {
  const { links, unreadable } = await catalogue.reportLinks();
  const ended = new Map(links.map(({ run, finishedAt }) => [run, finishedAt]));
  for (const outcome of outcomes.filter(isChained)) ended.set(outcome.run, outcome.finishedAt);
  const reports: KnownReport[] = [];
  for (const [run, finishedAt] of ended) reports.push({ run, finishedAt, digest: await catalogue.reportDigest(run) });
  const { faults, ...verdict } = verifyChain(links, reports);
  const unread = unreadable.map((key) => `${key} is no link that can be read`);
  return { verdict: { ...verdict, faults: [...unread, ...faults] }, links, reports };
}
