import { createHash } from 'node:crypto';

/** Where Apollo Sandbox comes from: its script, and the frame that the script opens. */
const scriptUrl =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const frameOrigin = 'https://sandbox.embed.apollographql.com';

/** Initial document and variables in Apollo Sandbox: records a session and reads it back. */
const initialState = {
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

// https://www.apollographql.com/docs/graphos/platform/sandbox#embedding-sandbox
// Content-Security-Policy allows no styles but those below: allowDynamicStyles. The frame may stay empty although the
// script has loaded, from the cache of a browser that is offline: it covers the text when it sends its first message.
const script = `
  const address = location.origin + location.pathname;
  document.getElementById('address').textContent = address;
  document.getElementById('graphiql').href = address.replace(/graphql.?$/, 'graphiql');
  const say = (text) => { document.getElementById('state').textContent = text; };
  const slow = setTimeout(say, 5_000, 'It has not loaded so far.');
  const sandbox = document.createElement('script');
  sandbox.src = ${JSON.stringify(scriptUrl)};
  sandbox.addEventListener('error', () => { clearTimeout(slow); say('It did not load.'); });
  sandbox.addEventListener('load', () => {
    addEventListener('message', ({ origin }) => {
      if (origin !== ${JSON.stringify(frameOrigin)}) return;
      clearTimeout(slow);
      document.body.classList.add('loaded');
    });
    new window.EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: address,
      endpointIsEditable: false,
      initialState: ${JSON.stringify(initialState)},
      runTelemetry: false,
      allowDynamicStyles: false,
    });
  });
  document.head.append(sandbox);
`;

const style = `
  body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
  main { max-width: 46rem; padding: 1rem; }
  pre { padding: 1rem; overflow-x: auto; background: #8881; border-radius: 4px; }
  iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; background: white; }
  body:not(.loaded) iframe { visibility: hidden; }
  .loaded main { display: none; }
`;

/** What a browser shows that opens /graphql. It holds no data. */
export const landingPage = {
  html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Log Manager</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>Log Manager</h1>
<p>This address serves GraphQL. In a browser it shows Apollo Sandbox, which comes from the internet.
<span id="state" role="status">It is loading.</span></p>
<p><a id="graphiql" href="/graphiql">GraphiQL</a> does the same, and comes from this server. A program sends JSON, such as:</p>
<pre>curl <span id="address">http://127.0.0.1:4000/graphql</span> \\
  -H 'content-type: application/json' \\
  -d '{"query": "{ serverInfo { version openAccess } }"}'</pre>
<p>If the server needs a key, add <code>-H "authorization: Bearer $KEY"</code>. The files <code>README.md</code> and
<code>docs/</code> of the installation describe the API.</p>
</main>
<div id="sandbox"></div>
<script>${script}</script>
</body>
</html>
`,
  /** The header Content-Security-Policy: what the page may load, and nothing else. */
  contentSecurityPolicy: [
    "default-src 'none'",
    `script-src ${scriptUrl} ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    // The frame asks the page to send requests, which then come from this server's own origin.
    "connect-src 'self'",
    `frame-src ${frameOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
