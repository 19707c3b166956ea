import 'there-is-no-such-package';

test('never reached', () => undefined);
