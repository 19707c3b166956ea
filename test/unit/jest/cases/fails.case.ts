interface Types {
  take: 'lines';
}

test('fails in line 7', () => {
  const value: Types['take'] = 'lines' satisfies string;
  expect(value).toBe('other');
});

test('lets an error go that nobody catches', async () => {
  void Promise.reject(new Error('nobody caught it'));
  await new Promise((resolve) => setTimeout(resolve, 20));
});
