import { quote } from '../details/copies';
import type { RecordSessionInput } from '../gql/graphql';

/** A session of a shop, as an app would send it: its last action is now. */
export function sampleSession(userId: string): RecordSessionInput {
  const now = Date.now();
  const at = (secondsAgo: number): string => new Date(now - 1_000 * secondsAgo).toISOString();
  const id = crypto.randomUUID().slice(0, 8);
  return {
    userId,
    sessionId: `sample-${id}`,
    idempotencyKey: `sample-${id}`,
    actions: [
      { time: at(312), type: 'VIEW', properties: { page: '/', referrer: 'https://search.example/' } },
      { time: at(296), type: 'SEARCH', properties: { text: 'headphones', results: 48 } },
      { time: at(281), type: 'VIEW', properties: { page: '/products/71', price: 89.9 } },
      { time: at(95), type: 'CLICK', properties: { target: 'add-to-cart', locationX: 852, locationY: 411 } },
      { time: at(61), type: 'VIEW', properties: { page: '/cart', items: [{ id: 71, count: 1 }] } },
      { time: at(20), type: 'NAVIGATE', properties: { from: '/cart', to: '/checkout' } },
      { time: at(0), type: 'PURCHASE', properties: { total: 89.9, currency: 'EUR' } },
    ],
  };
}

/**
 * The mutation for an app's code or Try it.
 * @param userId of a key that may record the data of one user only
 */
export function mutation(userId = 'ABC123XYZ'): string {
  return `mutation {
  recordSession(input: {
    userId: ${JSON.stringify(userId)}
    sessionId: "XYZ456ABC"
    actions: [{
      time: "${timeNow()}"
      type: "CLICK"
      properties: { locationX: 52, locationY: 11 }
    }]
  }) {
    recordedCount
  }
}`;
}

/** The same for a terminal. A server that needs a key gets it from the variable KEY. */
export function curlLine(origin: string, needsKey: boolean, userId = 'ABC123XYZ'): string {
  const body = `{
    "userId": ${JSON.stringify(userId)}, "sessionId": "XYZ456ABC",
    "actions": [{
      "time": "${timeNow()}", "type": "CLICK",
      "properties": {"locationX": 52, "locationY": 11}
    }]
  }`;
  return [
    `curl ${origin}/logs/`,
    ...(needsKey ? ['-H "Authorization: Bearer $KEY"'] : []),
    `-H 'Content-Type: application/json'`,
    `-d ${quote(body)}`,
  ].join(' \\\n  ');
}

/** Whole seconds, so that the line stays short. */
function timeNow(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
