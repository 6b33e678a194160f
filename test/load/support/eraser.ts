import { call, type Reply } from '../../support/journal/api';
import type { Journal } from '../../support/journal/journal';
import { sessionOf } from '../../support/journal/sessions';
import type { Answer, Load } from './everything-loads';

const byUser = `mutation ($userId: String!) { erased: deleteUserData(userId: $userId) { deletedCount } }`;
const bySession = `mutation ($userId: String!, $sessionId: String!) {
  erased: deleteSession(userId: $userId, sessionId: $sessionId) { deletedCount }
}`;
const record = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount replayed entries { id } }
}`;

/** A session is erased when so many others were acknowledged after it: readers ask for the last one. */
const minAge = 50;

/** Clients that erase acknowledged sessions, and clients that record such sessions again. */
export function createEraser(journal: Journal) {
  const acknowledged: string[] = [];
  /** What is known of the sessions that were to be erased; none of them is in the journal. */
  const outcomes = new Map<string, 'erased' | 'unknown'>();
  const problems: string[] = [];

  function toAnswers(reply: Reply): Answer[] {
    if (!reply.isAnswered) throw new Error(reply.error);
    return [{ status: reply.status, text: JSON.stringify(reply.body) }];
  }

  const erasing: Load = {
    name: 'erasing',
    clientCount: 1,
    pauseMs: 500,
    step: async (url, n) => {
      if (acknowledged.length < minAge) return [];
      const sessionId = acknowledged.shift()!;
      const { userId, actions } = sessionOf(sessionId);
      journal.outcomes.delete(sessionId);
      outcomes.set(sessionId, 'unknown');
      const reply = await call(url, n % 2 === 0 ? byUser : bySession, { userId, sessionId });
      if (!reply.isAnswered && reply.error === 'ECONNREFUSED') {
        outcomes.delete(sessionId);
        journal.outcomes.set(sessionId, 'acknowledged');
        acknowledged.unshift(sessionId);
      }
      const count = reply.isAnswered ? reply.body?.data?.erased.deletedCount : undefined;
      if (count !== undefined) {
        outcomes.set(sessionId, 'erased');
        if (count !== actions.length) problems.push(`${sessionId}: erased ${count} of ${actions.length}`);
      }
      return toAnswers(reply);
    },
  };

  const repeating: Load = {
    name: 'repeated',
    clientCount: 2,
    pauseMs: 100,
    step: async (url, n) => {
      const sessionId = acknowledged[(n * 7_919) % Math.max(1, acknowledged.length)];
      if (sessionId === undefined) return [];
      const session = sessionOf(sessionId);
      const input = { ...session, idempotencyKey: `key of ${sessionId}` };
      const reply = await call(url, record, { input });
      const recorded = reply.isAnswered ? reply.body?.data?.recordSession : undefined;
      if (recorded?.replayed === false) problems.push(`${sessionId}: recorded again`);
      return toAnswers(reply);
    },
  };

  return {
    loads: [erasing, repeating],
    outcomes,
    problems,
    add: (sessionId: string) => void acknowledged.push(sessionId),
  };
}
