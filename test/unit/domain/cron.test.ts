import fc from 'fast-check';
import { Failure } from '../../../domain/failures.ts';
import { parseCron } from '../../../domain/schedule/cron.ts';
import { calendarText, numbersIn, rangesOf, recurrenceText } from '../../../domain/schedule/recurrence.ts';
import { timingWords } from '../../../domain/schedule/words.ts';

const textOf = (cron: string) => recurrenceText(parseCron(cron));

function faultOf(cron: string): Failure {
  try {
    parseCron(cron);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`"${cron}" was taken`);
}

describe('cron as people write it', () => {
  test.each([
    ['30 * * * *', '0 30 * * * *'],
    ['  30   2 * * *  ', '0 30 2 * * *'],
    ['*/15 * * * *', '0 */15 * * * *'],
    ['0,15,30,45 1-3 * * *', '0 */15 1-3 * * *'],
    ['5/15 * * * *', '0 5-50/15 * * * *'],
    ['0 22-23,0-2 * * *', '0 0 0-2,22-23 * * *'],
    ['0 0 1 JAN-mar *', '0 0 0 1 1-3 *'],
    ['0 3 * * MON-fri', '0 0 3 * * 1-5'],
    ['0 3 * * 7', '0 0 3 * * 0'],
    ['0 3 * * 5-7', '0 0 3 * * 0,5-6'],
    ['0 3 * * sat-sun', '0 0 3 * * 0,6'],
    ['0 3 * * sun-sat', '0 0 3 * * *'],
    ['0 3 * * 0-7', '0 0 3 * * *'],
    ['@hourly', '0 0 * * * *'],
    ['@Daily', '0 0 0 * * *'],
    ['@midnight', '0 0 0 * * *'],
    ['@weekly', '0 0 0 * * 0'],
    ['@monthly', '0 0 0 1 * *'],
    ['@yearly', '0 0 0 1 1 *'],
    ['@annually', '0 0 0 1 1 *'],
    ['@every 15m', 'every 900 s'],
    ['@every 1h30m', 'every 5400 s'],
  ])('%s', (cron, text) => expect(textOf(cron)).toBe(text));

  test('six fields have the seconds first, not a year at the end', () => {
    expect(textOf('10 30 2 * * *')).toBe('10 30 2 * * *');
    expect(textOf('*/10 * * * * *')).toBe('*/10 * * * * *');
  });

  test('a day of the month and one of the week: either is enough, as POSIX has it', () => {
    expect(parseCron('0 3 1,15 * mon').calendars.map(calendarText)).toEqual(['0 0 3 1,15 * *', '0 0 3 * * 1']);
    // 31 February never comes, Mondays do.
    expect(parseCron('0 3 31 2 mon').calendars.map(calendarText)).toEqual(['0 0 3 * 2 1']);
  });

  test('a field that begins with * does not restrict: both must hold', () => {
    expect(textOf('0 3 */2 * mon')).toBe('0 0 3 */2 * 1');
    expect(textOf('0 3 * * mon')).toBe('0 0 3 * * 1');
  });
});

describe('invalid cron is refused with field, value and what is allowed', () => {
  test.each([
    ['60 * * * *', 'the minute is "60"', '0 to 59'],
    ['0 24 * * *', 'the hour is "24"', '0 to 23'],
    ['0 0 0 * *', 'the day of the month is "0"', '1 to 31'],
    ['0 0 * 13 *', 'the month is "13"', '1 to 12 or jan to dec'],
    ['0 0 * * 8', 'the day of the week is "8"', '0 to 7 or sun to sat'],
    ['0 0 * * monday', 'the day of the week is "monday"', 'sun to sat'],
    ['61 0 0 * * *', 'the second is "61"', '0 to 59'],
    ['0 22-2 * * *', 'the hour is "22-2": a range must go upwards, for instance "22-23,0-2"', '0 to 23'],
    ['0 1-2-3 * * *', 'the hour is "1-2-3": a range has one "-"', '0 to 23'],
    ['*/90 * * * *', 'the minute is "*/90": a step is a whole number from 1 to 59', '0 to 59'],
    ['*/0 * * * *', 'the minute is "*/0": a step', '0 to 59'],
    ['1,,2 * * * *', 'the minute is "1,,2": an entry is empty', '0 to 59'],
    ['-5 * * * *', 'the minute is "-5": an entry is empty', '0 to 59'],
    ['*/ * * * *', 'the minute is "*/": a step', '0 to 59'],
    ['5/5/5 * * * *', 'the minute is "5/5/5": a step', '0 to 59'],
    ['1.5 * * * *', 'the minute is "1.5"', '0 to 59'],
    ['0 0 L * *', 'the day of the month is "L"', '1 to 31'],
    ['0 0 ? * *', 'the day of the month is "?"', '1 to 31'],
    ['0 0 31 2,4 *', 'no month of "2,4" has such a day', 'a day that exists'],
    ['', 'has 0 fields', 'five fields'],
    ['* * * *', 'has 4 fields', 'five fields'],
    ['0 0 1 1 * 2027 *', 'has 7 fields', 'five fields'],
    ['hello', 'has 1 fields', 'five fields'],
    ['__proto__', 'has 1 fields', 'five fields'],
    ['@reboot', 'is unknown', '@hourly'],
    ['@every', 'not a duration', '@every 15m'],
    ['@every 15', 'not a duration', '@every 15m'],
    ['@every 1h x', 'not a duration', '@every 15m'],
    ['@every 0s', 'not a duration', '@every 15m'],
    ['TZ=Europe/Zurich 0 3 * * *', 'a time zone', 'timeZone next to cron'],
    ['CRON_TZ=UTC 0 3 * * *', 'a time zone', 'timeZone next to cron'],
  ])('%s', (cron, message, remedy) => {
    const failure = faultOf(cron);
    expect(failure.kind).toBe('InvalidArgument');
    expect(failure.message).toContain(message);
    expect(failure.remedy).toContain(remedy);
  });

  test('29 February comes', () => expect(textOf('0 0 29 2 *')).toBe('0 0 0 29 2 *'));

  test('any text is either taken or refused with a Failure, and what it says is short', () => {
    const piece = fc.constantFrom('*', '1', '5-9', '*/7', 'mon', 'x', ',', '/', '-', '70', ' ', '@', '\n', '"');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            parseCron(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            expect((error as Failure).message.length).toBeLessThan(160);
          }
        },
      ),
    );
  });
});

test('numbers in few ranges, and back', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1 }), (given) => {
      const numbers = given.toSorted((a, b) => a - b);
      expect(numbersIn(rangesOf(numbers))).toEqual(numbers);
    }),
  );
});

test.each([
  ['30 * * * *', 'every hour at :30, UTC'],
  ['*/15 * * * *', 'every hour at :00, :15, :30, :45, UTC'],
  ['* * * * *', 'every minute, UTC'],
  ['30 2 * * *', 'every day at 02:30, UTC'],
  ['10 30 2,14 * * *', 'every day at 02:30:10, 14:30:10, UTC'],
  ['0 3 * * 1-5', 'on Monday to Friday at 03:00, UTC'],
  ['0 3 1,15 1 *', 'on day 1, 15 of the month in January at 03:00, UTC'],
  ['0 3 1 * mon', 'on day 1 of the month at 03:00, and on Monday at 03:00, UTC'],
  ['*/15 1-4 * * *', 'at :00, :15, :30, :45 of the hours 1 to 4, UTC'],
  ['*/10 * * * * *', 'when the clock matches "*/10 * * * * *", UTC'],
  ['@every 90m', 'every 90 min'],
])('%s in words', (cron, words) => {
  expect(timingWords(parseCron(cron), { timeZone: 'UTC', jitterSeconds: 0 })).toBe(words);
});
