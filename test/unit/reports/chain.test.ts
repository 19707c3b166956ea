import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  headsOf,
  linkKey,
  linkText,
  parseLinkKey,
  placeIn,
  verifyChain,
  type KnownReport,
  type ReportLink,
  type StoredLink,
} from '../../../domain/reports/chain.ts';
import { at } from './sample.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function stored(link: ReportLink): StoredLink {
  const name = sha256(linkText(link));
  return { ...link, name, digest: name };
}

/** So many reports, one after the other; where `together` says so, two end at once and neither sees the other. */
function chainOf(together: readonly boolean[]): { links: StoredLink[]; reports: KnownReport[] } {
  const links: StoredLink[] = [];
  const reports: KnownReport[] = [];
  together.forEach((twice, index) => {
    const previous = headsOf(links);
    for (const side of twice ? ['a', 'b'] : ['a']) {
      const run = `restore/nuvla/${index}${side}`;
      const report = sha256(`report of ${run}`);
      links.push(stored({ run, finishedAt: at(index), report, previous }));
      reports.push({ run, finishedAt: at(index), digest: report });
    }
  });
  return { links, reports };
}

test('the place of a report: its link and those before it; written twice, the link that names it as it is', () => {
  const { links, reports } = chainOf([true, false]);
  const [left, right, last] = links.map(({ name }) => name);
  const [a, b, c] = reports;
  expect(placeIn(links, c!.run, c!.digest!)).toEqual({
    report: c!.digest,
    link: last,
    previous: [
      { link: left, run: a!.run, report: a!.digest },
      { link: right, run: b!.run, report: b!.digest },
    ].toSorted((one, other) => (one.link! < other.link! ? -1 : 1)),
  });
  const again = stored({ run: c!.run, finishedAt: at(9), report: sha256('again'), previous: headsOf(links) });
  expect(placeIn([...links, again], c!.run, sha256('again'))).toMatchObject({ link: again.name });
  expect(placeIn([...links, again], c!.run, c!.digest!)).toMatchObject({ link: last });
});

test('the place of a report that was changed, of one without a link, and of one whose earlier link is gone', () => {
  const { links, reports } = chainOf([false, false]);
  const [first, second] = reports;
  expect(placeIn(links, second!.run, 'other')).toMatchObject({ report: 'other', linked: second!.digest });
  expect(placeIn([], second!.run, second!.digest!)).toEqual({ report: second!.digest, previous: [] });
  expect(placeIn(links.slice(1), second!.run, second!.digest!).previous).toEqual([{ link: links[0]!.name }]);
  expect(first?.run).toBe(links[0]!.run);
});

const chains = fc.array(fc.boolean(), { minLength: 2, maxLength: 8 }).map(chainOf);
const anyOf = <T>(values: readonly T[], which: number) => values[which % values.length]!;

test('a chain as it was written has no fault, also where runs ended at once', () => {
  fc.assert(
    fc.property(chains, ({ links, reports }) => {
      expect(verifyChain(links, reports)).toEqual({
        reports: reports.length,
        faults: [],
        unchained: 0,
        heads: headsOf(links),
      });
    }),
  );
});

test('each report that is changed or removed is found and named', () => {
  fc.assert(
    fc.property(chains, fc.nat(), fc.boolean(), ({ links, reports }, which, removed) => {
      const hit = anyOf(reports, which);
      const digest = removed ? undefined : sha256('another');
      const { faults } = verifyChain(
        links,
        reports.map((report) => (report === hit ? { ...report, digest } : report)),
      );
      const what = removed ? 'is missing' : 'was changed after it was written';
      expect(faults).toEqual([`the report of ${hit.run} ${what}`]);
    }),
  );
});

test('each link that is removed is found, unless it is one of the newest', () => {
  fc.assert(
    fc.property(chains, fc.nat(), ({ links, reports }, which) => {
      const heads = headsOf(links);
      const inner = links.filter(({ name }) => !heads.includes(name));
      const hit = anyOf(inner, which);
      const { faults } = verifyChain(
        links.filter((link) => link !== hit),
        reports.filter(({ run }) => run !== hit.run),
      );
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.every((fault) => fault.includes(hit.name) || fault.includes(hit.run))).toBe(true);
    }),
  );
});

test('a link whose text was changed no longer has its name', () => {
  const { links, reports } = chainOf([false, false]);
  const changed = { ...links[0]!, report: sha256('better'), digest: sha256('other text') };
  const { faults } = verifyChain(
    [changed, links[1]!],
    reports.map((one, index) => (index === 0 ? { ...one, digest: changed.report } : one)),
  );
  expect(faults).toEqual([`the link of restore/nuvla/0a (${at(0)}) was changed`]);
});

test('reports from before the chain are counted; one from after its beginning without a link is a fault', () => {
  const { links, reports } = chainOf([false, false]);
  const old = { run: 'restore/nuvla/old', finishedAt: at(-100), digest: sha256('old') };
  const slipped = { run: 'restore/nuvla/slipped-in', finishedAt: at(1), digest: sha256('in') };
  const verdict = verifyChain(links, [...reports, old, slipped]);
  expect(verdict).toMatchObject({ unchained: 1, faults: ['the report of restore/nuvla/slipped-in has no link'] });
});

test('a report that was written twice counts as it was written last', () => {
  const { links, reports } = chainOf([false]);
  const again = stored({ run: links[0]!.run, finishedAt: at(2), report: sha256('again'), previous: headsOf(links) });
  expect(verifyChain([...links, again], [{ ...reports[0]!, digest: again.report }]).faults).toEqual([]);
});

test('keys are read back', () => {
  const link: ReportLink = { run: 'restore/nuvla/2026-11-21T09:30:00Z', finishedAt: at(1), report: 'x', previous: [] };
  const name = sha256(linkText(link));
  expect(parseLinkKey('nuvla', linkKey('nuvla', link, name))).toBe(name);
  expect(parseLinkKey('nuvla', 'nuvla/report-links/junk')).toBeUndefined();
  expect(parseLinkKey('nuvla', linkKey('other', link, name))).toBeUndefined();
});
