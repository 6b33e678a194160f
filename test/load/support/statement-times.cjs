// Notes when long statements of SQLite are executed. When the process gets SIGUSR2, it writes a line of the log: for how long at least
// one was, of how many milliseconds, and the longest time without one; then it begins anew.
const { performance } = require('node:perf_hooks');
const process = require('node:process');
const sqlite3 = require('sqlite3');

/** Statements that take less are not noted: bounded reads and commits. */
const longMs = 20;

const running = new Set();
/** The ends in order, each with its start. */
let ended = [];
let beganAt = performance.now();

function begin() {
  const statement = { startedAt: performance.now() };
  running.add(statement);
  return () => {
    running.delete(statement);
    statement.endedAt = performance.now();
    if (statement.endedAt - statement.startedAt > longMs) ended.push(statement);
  };
}

const { all } = sqlite3.Statement.prototype;
sqlite3.Statement.prototype.all = function (parameters, callback) {
  const end = begin();
  return all.call(this, parameters, function (...results) {
    end();
    // TypeORM uses the `this` of the driver.
    callback?.apply(this, results);
  });
};

process.on('SIGUSR2', () => {
  const now = performance.now();
  const current = [...running].map(({ startedAt }) => ({ startedAt, endedAt: now }));
  const intervals = [...ended, ...current].sort((a, b) => a.startedAt - b.startedAt);
  let [at, busyMs, maxGapMs] = [beganAt, 0, 0];
  for (const { startedAt, endedAt } of intervals) {
    maxGapMs = Math.max(maxGapMs, startedAt - at);
    busyMs += Math.max(0, endedAt - Math.max(at, startedAt));
    at = Math.max(at, endedAt);
  }
  maxGapMs = Math.max(maxGapMs, now - at);
  const line = { level: 'info', msg: 'statements', busyMs, elapsedMs: now - beganAt, maxGapMs };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  [ended, beganAt] = [[], now];
});
