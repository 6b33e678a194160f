// Answers --help and refuses arguments, before the setup, which may take minutes.

/** Ends the process with the usage if an argument is --help, and refuses all others but the options. */
export function refuseArguments(usage, args = process.argv.slice(2), options = []) {
  answerHelp(usage, args);
  const unknown = args.find((argument) => !options.includes(argument));
  if (unknown !== undefined) refuse(`unknown argument '${unknown}'`, usage);
}

/** Ends the process with the usage if an argument is --help. */
export function answerHelp(usage, args = process.argv.slice(2)) {
  if (!args.some((argument) => argument === '--help' || argument === '-h')) return;
  console.log(usage);
  process.exit(0);
}

/** Ends the process with exit code 2. */
export function refuse(problem, usage) {
  console.error(`error: ${problem}\n\n${usage}`);
  process.exit(2);
}
