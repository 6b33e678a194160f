import { beforeEach, expect, it } from '@jest/globals';
import type { QueryContext } from '../../../src/logs/model/read-context';
import { createReadQueue } from '../../../src/logs/model/read-queue';

interface Read {
  readonly name: string;
  readonly context: QueryContext;
  readonly round: number;
}

let queue: ReturnType<typeof createReadQueue<Read>>;
beforeEach(() => void (queue = createReadQueue<Read>()));

function add(name: string, client: string | undefined): void {
  const context = { mustBeLatest: false, client: () => client };
  queue.add({ name, context, round: queue.nextRound(context) });
}
const addAll = (names: string): void => names.split(' ').forEach((name) => add(name, name[0]));
const names = (): string =>
  queue
    .waiting()
    .map(({ name }) => name)
    .join(' ');
const takeNext = (count: number): void => queue.take(queue.waiting().slice(0, count));

it('reads of one client keep their order', () => {
  addAll('a1 a2 a3');
  takeNext(1);
  addAll('a4');
  expect(names()).toBe('a2 a3 a4');
});

it('clients whose reads wait take turns', () => {
  addAll('a1 a2 a3 a4 b1 b2 c1');
  expect(names()).toBe('a1 b1 c1 a2 b2 a3 a4');
});

it('a client that has waited for nothing comes first, and no other one waits for its later reads', () => {
  addAll('a1 a2 a3 a4 a5');
  takeNext(2);
  addAll('b1 b2 b3 a6');
  expect(names()).toBe('b1 b2 a3 b3 a4 a5 a6');
  takeNext(3);
  addAll('c1');
  expect(names()).toBe('c1 b3 a4 a5 a6');
});

it('a client gains nothing by having been idle', () => {
  addAll('a1 a2 a3');
  takeNext(3);
  addAll('a4 b1 a5 b2 b3');
  expect(names()).toBe('a4 b1 a5 b2 b3');
});

it('reads of the server itself come in the present round', () => {
  addAll('a1 a2 a3');
  takeNext(1);
  add('own 1', undefined);
  add('own 2', undefined);
  expect(names()).toBe('own 1 own 2 a2 a3');
});

it('reads that are repeated come first, and reads in the middle can be taken', () => {
  addAll('a1 a2 b1');
  const [first] = queue.waiting();
  takeNext(1);
  queue.addFirst([first!]);
  expect(names()).toBe('a1 b1 a2');
  queue.take([queue.waiting()[1]!]);
  queue.take(queue.waiting());
  expect(names()).toBe('');
});
