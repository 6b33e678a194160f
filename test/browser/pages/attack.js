/**
 * Tries what a page can do to a server: reads, erases and records. Returns what it could read.
 */
async ({ target, userId }) => {
  const seen = [];
  const see = (how, text) => seen.push(`${how}: ${text}`);
  const escape = encodeURIComponent;

  const query = '{ logs { userId properties } }';
  const erase = `mutation { deleteUserData(userId: "${userId}") { deletedCount } }`;
  const session = { userId: 'eve', sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }] };
  const record = `mutation { recordSession(input: { userId: "eve", sessionId: "s", actions: [] }) { recordedCount } }`;
  const bodies = [
    ...[query, erase, record].map((text) => ['/graphql', JSON.stringify({ query: text })]),
    ['/logs/', JSON.stringify(session)],
  ];
  const addresses = [
    ...[query, erase].map((text) => `/graphql?query=${escape(text)}`),
    '/logs/',
    '/metrics',
    '/graphql',
  ];
  const contentTypes = [
    undefined,
    'application/json',
    'text/plain',
    'TEXT/PLAIN',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
  ];

  /** Settles when the element has been loaded, or could not be. */
  const added = (element) =>
    new Promise((resolve) => {
      element.onload = element.onerror = resolve;
      document.body.append(element);
    });
  const readFrame = (how, frame) => {
    try {
      see(how, frame.contentDocument.documentElement.textContent);
    } catch {
      // A frame of another origin.
    }
  };

  async function fetches() {
    const send = async (path, init) => {
      try {
        see(`fetch ${path} ${JSON.stringify(init)}`, await (await fetch(target + path, init)).text());
      } catch {
        // CORS does not allow it.
      }
    };
    const sent = [];
    for (const mode of ['cors', 'no-cors']) {
      for (const credentials of ['omit', 'include']) {
        for (const path of addresses) sent.push(send(path, { mode, credentials }));
        for (const type of contentTypes) {
          const headers = type === undefined ? {} : { 'content-type': type };
          for (const [path, text] of bodies) {
            // The body of a Blob without a type has no content type of its own.
            sent.push(send(path, { method: 'POST', mode, credentials, headers, body: new Blob([text]) }));
          }
        }
      }
    }
    await Promise.all(sent);
  }

  async function requests() {
    for (const path of addresses) {
      const request = new XMLHttpRequest();
      request.open('GET', target + path);
      await new Promise((resolve) => {
        request.onloadend = resolve;
        request.send();
      });
      see(`XMLHttpRequest ${path}`, request.responseText);
    }
  }

  async function forms() {
    const fieldsOf = (path, text, enctype) => {
      if (enctype === 'text/plain') return [[`${text.slice(0, -1)},"x":"`, '"}']];
      if (enctype === 'multipart/form-data') return [['operations', text], ['map', '{}']]; // prettier-ignore
      return Object.entries(JSON.parse(text)).map(([name, value]) => [name, String(value)]);
    };
    for (const method of ['GET', 'POST']) {
      for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
        for (const [path, text] of bodies) {
          const frame = document.createElement('iframe');
          frame.name = `frame${document.querySelectorAll('iframe').length}`;
          document.body.append(frame);
          const form = document.createElement('form');
          Object.assign(form, { method, enctype, action: target + path, target: frame.name });
          for (const [name, value] of fieldsOf(path, text, enctype)) {
            form.append(Object.assign(document.createElement('input'), { name, value }));
          }
          document.body.append(form);
          await new Promise((resolve) => {
            frame.onload = resolve;
            form.submit();
          });
          readFrame(`form ${method} ${enctype} ${path}`, frame);
        }
      }
    }
  }

  async function elements() {
    const kinds = {
      script: (url) => ({ src: url }),
      img: (url) => ({ src: url }),
      link: (url) => ({ rel: 'stylesheet', href: url }),
      iframe: (url) => ({ src: url }),
    };
    for (const [name, attributesOf] of Object.entries(kinds)) {
      for (const path of addresses) {
        const element = Object.assign(document.createElement(name), attributesOf(target + path));
        await added(element);
        if (name === 'iframe') readFrame(`iframe ${path}`, element);
      }
    }
  }

  async function streams() {
    for (const path of addresses) {
      await new Promise((resolve) => {
        const source = new EventSource(target + path);
        source.onopen = source.onmessage = (event) => see(`EventSource ${path}`, event.data);
        source.onerror = () => resolve(source.close());
      });
      await new Promise((resolve) => {
        const socket = new WebSocket(target.replace('http', 'ws') + path);
        socket.onopen = () => see(`WebSocket ${path}`, 'opened');
        socket.onmessage = ({ data }) => see(`WebSocket ${path}`, data);
        socket.onclose = resolve;
      });
    }
  }

  await fetches();
  await requests();
  await forms();
  await elements();
  await streams();
  return seen;
};
