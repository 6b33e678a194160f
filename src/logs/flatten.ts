import { formatInstant, parseInstant, type Instant } from './instant';
import type { JsonObject } from './json';
import type { EncodedSession } from './log-store';
import type { SessionInput } from './session-input';

/** One action, with the user and the session it belongs to. */
export interface LogEntry {
  readonly id: string;
  /** UTC; see {@link formatInstant}. */
  readonly time: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}

/** Where and when a session was stored. */
export interface Receipt {
  readonly firstId: number;
  readonly receivedAt: Instant;
}

/** Writes a valid session that has actions down as the store takes it. */
export function encodeSession({ userId, sessionId, actions }: SessionInput): EncodedSession {
  let rows = '';
  let least: Instant | undefined;
  let greatest: Instant | undefined;
  for (const { time, type, properties } of actions) {
    const instant = instantOf(time);
    if (least === undefined || instant < least) least = instant;
    if (greatest === undefined || instant > greatest) greatest = instant;
    if (rows !== '') rows += ',';
    rows += `[${instant},${JSON.stringify(type)},${JSON.stringify(properties ?? {})}]`;
  }
  return {
    json: `[${JSON.stringify(userId)},${JSON.stringify(sessionId)},[${rows}],${least},${greatest}]`,
    entryCount: actions.length,
  };
}

/** The entries that a session has become: what reading them from the store would give. */
export function flattenSession(session: SessionInput, receipt: Receipt): LogEntry[] {
  const { userId, sessionId, actions } = session;
  const receivedAt = formatInstant(receipt.receivedAt);
  return actions.map(({ time, type, properties }, at) => ({
    id: String(receipt.firstId + at),
    time: formatInstant(instantOf(time)),
    type,
    properties: properties ?? {},
    userId,
    sessionId,
    receivedAt,
  }));
}

function instantOf(validTime: string): Instant {
  return parseInstant(validTime)!;
}
