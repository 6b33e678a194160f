import { createKeyText } from '../../../src/logs/access/api-key';
import { openTestStore } from '../../support/database/store';
import { toStoredKey } from '../../support/server/keyed-server';
import type { GeneratorClient } from './generator';

/** Clients of the generator, and the headers of those beside them. */
export interface Clients {
  readonly clients: readonly GeneratorClient[];
  readonly others: Record<string, string>;
}

/** Clients with addresses of their own; the address of the others is 127.0.0.1. */
export function createAddresses(count: number): Clients {
  const clients = Array.from({ length: count }, (_, at) => ({ address: `127.0.1.${at + 1}`, headers: {} }));
  return { clients, others: {} };
}

/** Clients with keys of their own, which are inserted into the database. */
export async function createKeys(url: string, count: number): Promise<Clients> {
  const store = await openTestStore(url);
  const create = async (name: string) => {
    const text = createKeyText();
    await store.keys.insert(toStoredKey(text, { name }));
    return { authorization: `Bearer ${text}` };
  };
  const clients: GeneratorClient[] = [];
  for (let at = 0; at < count; at++) {
    clients.push({ address: '127.0.0.1', headers: await create(`client ${at}`) });
  }
  const others = await create('others');
  await store.close();
  return { clients, others };
}
