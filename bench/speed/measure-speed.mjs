import { staggerRequests } from '../tools/ask-all.mjs';
import { drive } from '../tools/drive.mjs';
import { startServer } from '../tools/server-process.mjs';
import { rotate } from '../tools/statistics.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import { checkReads } from './check-reads.mjs';
import { checkStored } from './check-stored.mjs';
import { createLoads } from './loads.mjs';
import { preload } from './preload.mjs';

/**
 * Drives every server with every load.
 * In each round, all servers are new processes on new databases. They run side by side and are driven one at
 * a time, in an order that changes with each load and each round.
 * @param servers servers of one kind of database; those with `migrates` start on an empty database
 * @param openHost opens a host of that kind
 * @returns { measurements, memory, checked }: measurements { round, server, load, rate, p99, cpu, answered },
 *   memory of each server after its last load { round, server, now, peak } in bytes, and the number of
 *   checked answers
 */
export async function measureSpeed({ rounds, loads: names, servers, openHost, ...options }) {
  const loads = createLoads(names);
  const measurements = [];
  const memory = [];
  let checked = 0;
  for (let round = 0; round < rounds; round++) {
    console.log(`Round ${round + 1} of ${rounds}: starting the servers and recording the entries to read …`);
    const host = await openHost();
    const running = [];
    for (const server of rotate(servers, round)) {
      const database = await host.create(server.name, { isMigrated: !server.migrates });
      running.push(await startServer(server, database));
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
    ? staggerRequests(await checkReads(server, load), connections)
    : (connection) => load.requestsOf(connection, server.recording);
  const { wrong, ...result } = await drive(server, { ...options, connections, requestsOf });
  if (wrong) throw new WrongAnswer(server.name, load.name, 'right answers only', wrong);
  return result;
}
