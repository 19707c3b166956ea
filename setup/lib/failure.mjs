/**
 * What set-up says when it cannot go on: what failed and why in `message`, what to do about it in `remedy`.
 * Exit code 1: something was tried and failed. Exit code 2: nothing was tried, a person has to act first.
 */
export class Failure extends Error {
  constructor(message, remedy, exitCode = 1) {
    super(message);
    this.name = 'Failure';
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}
