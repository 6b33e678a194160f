import { execute } from './execute';
import { graphql } from './gql';

const recordSession = graphql(`
  mutation RecordSession($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
    }
  }
`);

const readLogs = graphql(`
  query ReadLogs($user: String, $startTime: DateTime, $endTime: DateTime) {
    logs(user: $user, startTime: $startTime, endTime: $endTime) {
      time
      type
      properties
    }
  }
`);

async function main(): Promise<void> {
  const { recordSession: recorded } = await execute(recordSession, {
    input: {
      userId: 'ABC123XYZ',
      sessionId: 'XYZ456ABC',
      actions: [
        {
          time: '2018-10-18T21:37:28-06:00',
          type: 'CLICK',
          properties: { locationX: 52, locationY: 11 },
        },
        {
          time: '2018-10-18T21:37:30-06:00',
          type: 'VIEW',
          properties: { viewedId: 'FDJKLHSLD' },
        },
        {
          time: '2018-10-18T21:37:30-06:00',
          type: 'NAVIGATE',
          properties: { pageFrom: 'communities', pageTo: 'inventory' },
        },
      ],
    },
  });
  console.log(`Recorded ${recorded.recordedCount} actions.`);

  const { logs } = await execute(readLogs, {
    user: 'ABC123XYZ',
    startTime: '2018-10-19',
    endTime: '2018-10-20',
  });
  for (const { time, type, properties } of logs) {
    console.log(time, type, JSON.stringify(properties));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
