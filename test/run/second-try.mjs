/** More than that is no accident. */
const mostFiles = 3;

/**
 * The files that get a second try, alone on the machine: a few of a stage with real servers, which now and then do what no test
 * foresaw. Never of `--all`, which is run to find exactly that.
 */
export function filesToTryAgain(stage, { all }, files) {
  const failed = (files ?? []).filter((file) => file.failed > 0);
  return stage.lane || all || failed.length > mostFiles ? [] : failed;
}

/**
 * The report with what the second try found in place of the first. `unstable`: what failed first and then passed; it is no
 * failure, but somebody has to find out why.
 */
export function withSecondTry(first, second) {
  const tried = new Map((second ?? []).map((file) => [file.name, file]));
  const unstable = first.flatMap(({ name, failures }) => (tried.get(name)?.failed === 0 ? failures : []));
  const files = first.map((file) => {
    const again = tried.get(file.name);
    return again ? { ...again, milliseconds: file.milliseconds + again.milliseconds } : file;
  });
  return { files, unstable };
}
