test('ends the process that runs it', () => process.exit(3));
