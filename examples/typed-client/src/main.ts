import { LogManagerError } from './execute.js';
import { readInParts, readPages } from './read.js';
import { record } from './record.js';

async function main(): Promise<void> {
  const recorded = await record({
    userId: 'ABC123XYZ',
    sessionId: 'XYZ456ABC',
    actions: [
      { time: '2018-10-18T21:37:28-06:00', type: 'CLICK', properties: { locationX: 52, locationY: 11 } },
      { time: '2018-10-18T21:37:30-06:00', type: 'VIEW', properties: { viewedId: 'FDJKLHSLD' } },
      {
        time: '2018-10-18T21:37:30-06:00',
        type: 'NAVIGATE',
        properties: { pageFrom: 'communities', pageTo: 'inventory' },
      },
    ],
  });
  console.log(
    `Recorded ${recorded.recordedCount} actions${recorded.replayed ? ' with an earlier attempt' : ''}.`,
  );

  console.log('Pages of 2:');
  for await (const entries of readPages({ userIds: ['ABC123XYZ'] }, 2)) {
    console.log(entries.map(({ time, type }) => `${time} ${type}`).join(', '));
  }

  console.log('Clicks left of 100:');
  const clicks = {
    userIds: ['ABC123XYZ'],
    types: ['CLICK'],
    properties: [{ path: ['locationX'], is: { lt: 100 } }],
  };
  for await (const entries of readPages(clicks, 1000)) {
    for (const { properties } of entries) console.log(properties['locationX'], properties['locationY']);
  }

  console.log('All of the day:');
  const day = { user: 'ABC123XYZ', startTime: '2018-10-19', endTime: '2018-10-20' };
  for await (const entries of readInParts(day)) {
    for (const { time, type, properties } of entries) console.log(time, type, JSON.stringify(properties));
  }

  console.log('A session that breaks rules:');
  try {
    await record({ userId: '', sessionId: 'XYZ456ABC', actions: [{ time: 'yesterday', type: 'CLICK' }] });
  } catch (error) {
    if (!(error instanceof LogManagerError)) throw error;
    console.log(error.details.code);
    for (const { path, message } of error.details.violations ?? []) console.log(`  ${path} ${message}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof LogManagerError ? `${error.details.code}: ${error.message}` : error);
  process.exitCode = 1;
});
