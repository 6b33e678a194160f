import { spread } from '../tools/ask-all.mjs';
import { drive } from '../tools/drive.mjs';
import { startServer } from '../tools/server-process.mjs';
import { rotate } from '../tools/statistics.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import { checkReads } from './check-reads.mjs';
import { checkStored } from './check-stored.mjs';
import { createLoads } from './loads.mjs';
import { preload } from './preload.mjs';

/**
 * Drives every server with every load, all servers alike and one after the other.
 * @param servers all of one database kind
 * @param openHost of that kind
 * @returns each measurement { round, server, load, rate, p99, answered }, each server's memory { round, server, now, peak }
 *   in bytes after its last load, and how many answers were looked at
 */
export async function measureSpeed({ rounds, loads: names, servers, openHost, ...options }) {
  const loads = createLoads(names);
  const measurements = [];
  const memory = [];
  let checked = 0;
  for (let round = 0; round < rounds; round++) {
    console.log(`Round ${round + 1} of ${rounds}: starting, recording what is read …`);
    const host = await openHost();
    const running = [];
    for (const server of servers) {
      running.push(await startServer(server, await host.create(server.name)));
    }
    await Promise.all(running.map(preload));
    for (const [at, load] of loads.entries()) {
      for (const server of rotate(running, round + at)) {
        const measurement = await measure(server, load, options);
        checked += measurement.answered + (load.requests?.length ?? 0);
        measurements.push({ round, server: server.name, load: load.name, ...measurement });
        console.log(
          `  ${load.name.padEnd(6)} ${server.name.padEnd(12)} ${measurement.rate.toFixed(0).padStart(7)}/s`,
        );
      }
    }
    for (const server of running) {
      const bytes = server.memory();
      if (bytes) memory.push({ round, server: server.name, ...bytes });
    }
    await Promise.all(running.map((server) => server.end()));
    for (const server of running) {
      for (const load of loads.filter(({ sessionOf }) => sessionOf)) {
        const { answered } = measurements.find(
          (one) => one.round === round && one.server === server.name && one.load === load.name,
        );
        checked += await checkStored(server, load, answered);
      }
    }
    await host.close();
  }
  return { measurements, memory, checked };
}

async function measure(server, load, options) {
  const { connections } = load;
  const requestsOf = load.requests
    ? spread(await checkReads(server, load), connections)
    : (connection) => load.requestsOf(connection, server.recording);
  const { wrong, ...result } = await drive(server.url, { ...options, connections, requestsOf });
  if (wrong) throw new WrongAnswer(server.name, load.name, 'right answers only', wrong);
  return result;
}
