import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { call } from '../support/journal/api';
import { cleanUp, onCleanUp } from '../support/processes/children';
import { createDatabase } from '../support/database/database';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import type { Outcome } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { createRandom } from '../support/journal/random';
import { sessionOf } from '../support/journal/sessions';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { describeDurability } from './support/suites';

const sessionCount = 1_000;
const timesEach = 10;
const clientCount = 16;
const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount replayed entries { id } }
}`;

interface Receipt {
  readonly replayed: boolean;
  readonly ids: string;
}

const places = [
  { kind: 'sqlite', instanceCount: 1 },
  { kind: 'postgres', instanceCount: 2 },
] as const;

describeDurability('1,000 sessions that 16 clients send ten times each', [], () => {
  afterAll(cleanUp);

  describe.each(places)('to $instanceCount instances on $kind', ({ kind, instanceCount }) => {
    const receipts = new Map<string, Receipt[]>();
    const failures: unknown[] = [];
    let instances: Instance[];

    beforeAll(async () => {
      const database = await createDatabase(kind);
      onCleanUp(() => database.remove());
      const ports = await freePorts(instanceCount);
      instances = ports.map(
        (port, at) => new Instance(`instance${at + 1}`, port, { DATABASE_URL: database.url }),
      );
      await Promise.all(instances.map((instance) => instance.start()));
      const startedAt = performance.now();
      await sendAll(instances.map(({ url }) => url));
      const seconds = (performance.now() - startedAt) / 1_000;
      report(`${sessionCount} × ${timesEach} sent on ${kind} in ${seconds.toFixed(1)} s`);
    }, 120_000);

    async function sendAll(urls: readonly string[]): Promise<void> {
      const agent = new Agent({ keepAlive: true });
      const queue = shuffled().entries();
      const work = async (): Promise<void> => {
        for (const [at, sessionId] of queue) {
          const input = { ...sessionOf(sessionId), idempotencyKey: `key of ${sessionId}` };
          const reply = await call(urls[at % urls.length]!, record, { input }, { agent });
          const recorded = reply.isAnswered ? reply.body?.data?.recordSession : undefined;
          if (recorded?.recordedCount !== input.actions.length) failures.push(reply);
          else {
            const ids = recorded.entries.map(({ id }: { readonly id: string }) => id).join();
            const receipt = { replayed: recorded.replayed, ids };
            receipts.set(sessionId, [...(receipts.get(sessionId) ?? []), receipt]);
          }
        }
      };
      await Promise.all(Array.from({ length: clientCount }, work));
      agent.destroy();
    }

    it('answers each of them', () => {
      expect(failures.slice(0, 3)).toEqual([]);
      expect(receipts.size).toBe(sessionCount);
      for (const answers of receipts.values()) expect(answers).toHaveLength(timesEach);
    });

    it('says of one answer for each session that it was recorded then, and gives the same ids in all', () => {
      for (const answers of receipts.values()) {
        expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
        expect(new Set(answers.map(({ ids }) => ids)).size).toBe(1);
      }
    });

    it('stores each of them once', async () => {
      const outcomes = new Map<string, Outcome>();
      for (const sessionId of receipts.keys()) outcomes.set(sessionId, 'acknowledged');
      const stored = storedSessions(askableAt(instances[0]!.url));
      expect(await checkJournal({ outcomes }, stored)).toEqual([]);
      expect(instances.flatMap((instance) => instance.ends())).toEqual([]);
    }, 30_000);
  });
});

/** Each session's id ten times: in any order, but some of them right after each other, and so at the same time. */
function shuffled(): string[] {
  const random = createRandom(5);
  const sent = Array.from({ length: sessionCount * timesEach }, (_, at) => {
    const session = Math.floor(at / timesEach);
    // Every other one of a session's comes within its first few.
    return {
      sessionId: `storm-${session}`,
      place: at % 2 === 0 ? random() : session / sessionCount,
    };
  });
  return sent.sort((a, b) => a.place - b.place).map(({ sessionId }) => sessionId);
}
