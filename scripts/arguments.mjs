// Answers --help and refuses arguments, before the setup, which may take minutes.

/** Ends the process with the usage if an argument is --help, and refuses all others. */
export function refuseArguments(usage) {
  answerHelp(usage);
  const [unknown] = process.argv.slice(2);
  if (unknown !== undefined) refuse(`unknown argument '${unknown}'`, usage);
}

/** Ends the process with the usage if an argument is --help. */
export function answerHelp(usage) {
  if (!process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) return;
  console.log(usage);
  process.exit(0);
}

/** Ends the process with exit code 2. */
export function refuse(problem, usage) {
  console.error(`error: ${problem}\n\n${usage}`);
  process.exit(2);
}
