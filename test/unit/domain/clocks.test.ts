import { checkClocks, type ClockReading } from '../../../domain/clocks.ts';

const s3 = (aheadSeconds: number): ClockReading => ({ whose: 'the S3 server', aheadSeconds, checksSignatures: true });
const temporal = (aheadSeconds: number): ClockReading => ({ whose: 'Temporal', aheadSeconds });

test('nothing to compare it with: no check', () => {
  expect(checkClocks('north', [])).toBeUndefined();
});

test('it agrees', () => {
  expect(checkClocks('north', [s3(-1.4), temporal(60)])).toEqual({
    name: 'clock',
    verdict: 'pass',
    evidence: 'The clock of north agrees with those of the S3 server, Temporal',
    remedy: '',
  });
});

test.each([
  [
    'S3, an hour ahead',
    [s3(3600), temporal(3599)],
    'fail',
    'is 1 h 0 min ahead of that of the S3 server and 59 min 59 s ahead of that of Temporal',
  ],
  ['S3, an hour behind', [s3(-3600)], 'fail', 'is 1 h 0 min behind that of the S3 server: S3 refuses'],
  ['S3, as far as signatures reach', [s3(900)], 'warned', 'is 15 min 0 s ahead'],
  ['Temporal, an hour ahead', [s3(0), temporal(3600)], 'warned', 'is 1 h 0 min ahead of that of Temporal: ages'],
  ['a minute and a second', [temporal(-61)], 'warned', 'is 1 min 1 s behind that of Temporal'],
])('%s: %s', (_what, readings, outcome, evidence) => {
  const check = checkClocks('north', readings);
  expect(check?.warning ? 'warned' : check?.verdict).toBe(outcome);
  expect(check?.evidence).toContain(evidence);
  expect(check?.remedy).toContain('on north: "timedatectl set-ntp true"');
});
