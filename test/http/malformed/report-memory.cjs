// Writes the memory in use after garbage collection as a line of the log, when the process gets SIGUSR2.
const process = require('node:process');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.stdout.write(
    `${JSON.stringify({ level: 'info', msg: 'memory', bytes: heapUsed + external, rss })}\n`,
  );
});
