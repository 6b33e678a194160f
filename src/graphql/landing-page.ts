/** Initial document and variables in Apollo Sandbox: records a session and reads it back. */
export const firstDocument = {
  document: `# Run RecordSession first, then ReadLogs.
mutation RecordSession($input: RecordSessionInput!) {
  recordSession(input: $input) {
    recordedCount
    entries { id time type }
  }
}

query ReadLogs {
  logs(user: "ABC123XYZ", startTime: "2018-10-18", endTime: "2018-10-20") {
    time
    type
    properties
    userId
    sessionId
  }
}
`,
  variables: {
    input: {
      userId: 'ABC123XYZ',
      sessionId: 'XYZ456ABC',
      actions: [
        { time: '2018-10-18T21:37:28-06:00', type: 'CLICK', properties: { locationX: 52, locationY: 11 } },
        { time: '2018-10-18T21:37:30-06:00', type: 'VIEW', properties: { viewedId: 'FDJKLHSLD' } },
      ],
    },
  },
};
