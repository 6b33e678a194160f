import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createOneAtATime } from '../../../src/http/sending/one-at-a-time';
import { waitFor } from '../../support/wait-for';

let server: Server;
let closedCount: number;
let crowdEnds: number;
let accepted: Socket;
const clients: Socket[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  server.close();
});

async function start(serve: RequestListener, maxWaiting?: number): Promise<void> {
  closedCount = crowdEnds = 0;
  const oneAtATime = createOneAtATime({
    ...(maxWaiting && { maxWaiting }),
    crowd: 3,
    onCrowdEnd: () => crowdEnds++,
    onClosed: () => closedCount++,
  });
  server = createServer(oneAtATime.wrap(serve));
  server.on('clientError', (_error, socket: Socket) => {
    oneAtATime.refuse(socket, () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n<400>'));
  });
  server.on('connection', (socket: Socket) => (accepted = socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
}

/** A client, and all that it has received. */
function open(bytes: string): { readonly socket: Socket; received: string } {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
  clients.push(socket);
  const client = { socket, received: '' };
  socket.on('data', (text: string) => (client.received += text)).on('error', () => {});
  socket.write(bytes);
  return client;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
const bodies = (text: string) => text.match(/<\d+>/g) ?? [];

describe('requests that a client pipelines', () => {
  it('are executed one by one, each when the kernel has taken the answer before', async () => {
    const served: string[] = [];
    const large = 'x'.repeat(20_000_000);
    await start(({ url }, response) => {
      served.push(url!);
      response.end(`<${url!.slice(1)}>${large}`);
    });
    const client = open(get('/1') + get('/2') + get('/3'));
    client.socket.pause();
    await waitFor(() => accepted?.writableLength > 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(served).toEqual(['/1']);
    client.socket.resume();
    await waitFor(() => bodies(client.received).length === 3);
    expect(bodies(client.received)).toEqual(['<1>', '<2>', '<3>']);
  });

  it('are executed one by one also while answers take their time, and those of others meanwhile', async () => {
    const release: (() => void)[] = [];
    await start(({ url }, response) => void release.push(() => response.end(`<${url!.slice(1)}>`)));
    const client = open(get('/1') + get('/2'));
    await waitFor(() => release.length === 1);
    const other = open(get('/3'));
    await waitFor(() => release.length === 2);
    release[1]!();
    await waitFor(() => bodies(other.received).length === 1);
    expect(release).toHaveLength(2);
    release[0]!();
    await waitFor(() => release.length === 3);
    release[2]!();
    await waitFor(() => bodies(client.received).length === 2);
  });

  it('are told of once when none wait any more after many did', async () => {
    const release: (() => void)[] = [];
    await start((_request, response) => void release.push(() => response.end('<1>')));
    const answerAll = async (count: number) => {
      for (let at = 0; at < count; at++) {
        await waitFor(() => release.length > 0);
        release.shift()!();
      }
    };
    const few = open(get('/1').repeat(3));
    await answerAll(3);
    await waitFor(() => bodies(few.received).length === 3);
    expect(crowdEnds).toBe(0);
    const many = open(get('/1').repeat(4));
    await answerAll(3);
    await waitFor(() => bodies(many.received).length === 3 && release.length === 1);
    expect(crowdEnds).toBe(1);
    await answerAll(1);
    const gone = open(get('/1').repeat(6));
    await waitFor(() => release.length === 1);
    gone.socket.destroy();
    await waitFor(() => crowdEnds === 2);
  });

  it('are not executed when the connection is closed before', async () => {
    const served: string[] = [];
    await start(({ url }) => void served.push(url!));
    const client = open(get('/1') + get('/2') + get('/3'));
    await waitFor(() => served.length === 1);
    client.socket.destroy();
    await once(accepted, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    expect(served).toEqual(['/1']);
  });

  it('are not executed after an answer that closes the connection', async () => {
    const served: string[] = [];
    await start(({ url }, response) => {
      served.push(url!);
      response.setHeader('connection', 'close').end();
    });
    const client = open(get('/1') + get('/2'));
    await once(client.socket, 'close');
    expect(served).toEqual(['/1']);
  });

  it('are read no faster than they are answered', async () => {
    const body = '{"a":1}';
    const post = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    await start((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => setImmediate(() => response.end(`<${text.length}>`)));
    }, 2_000);
    const client = open(post.repeat(5_000));
    await waitFor(() => bodies(client.received).length === 5_000);
    expect(closedCount).toBe(0);
  });

  it('close the connection when too many wait', async () => {
    const answers: (() => void)[] = [];
    let isOpen = false;
    await start((_request, response) => {
      const answer = () => void response.end('<1>');
      if (isOpen) answer();
      else answers.push(answer);
    }, 50);
    const first = open(get('/').repeat(30));
    await waitFor(() => answers.length === 1);
    const second = open(get('/').repeat(30));
    await once(second.socket, 'close');
    expect(closedCount).toBe(1);
    // Those of the closed connection wait no longer.
    const third = open(get('/').repeat(20));
    await waitFor(() => answers.length === 3);
    isOpen = true;
    for (const answer of answers) answer();
    await waitFor(() => bodies(first.received).length === 30 && bodies(third.received).length === 20);
    expect(closedCount).toBe(1);
  });

  it('are answered before malformed bytes behind them are refused', async () => {
    const release: (() => void)[] = [];
    await start(({ url }, response) => void release.push(() => response.end(`<${url!.slice(1)}>`)));
    const client = open(get('/1') + get('/2') + 'malformed\r\n\r\n');
    client.socket.write('malformed, too\r\n\r\n');
    await waitFor(() => release.length === 1);
    release[0]!();
    await waitFor(() => release.length === 2);
    expect(bodies(client.received)).toEqual(['<1>']);
    release[1]!();
    await once(client.socket, 'close');
    expect(bodies(client.received)).toEqual(['<1>', '<2>', '<400>']);
  });

  it('are answered before a request whose body is malformed, which is not executed', async () => {
    const served: string[] = [];
    let release!: () => void;
    await start(({ url }, response) => {
      served.push(url!);
      release = () => void response.end(`<${url!.slice(1)}>`);
    });
    const chunked = 'POST /2 HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n';
    const client = open(`${get('/1')}${chunked}malformed\r\n`);
    await waitFor(() => served.length === 1);
    release();
    await once(client.socket, 'close');
    expect(bodies(client.received)).toEqual(['<1>', '<400>']);
    expect(served).toEqual(['/1']);
  });

  it('that wait for a malformed body are refused at once', async () => {
    const served: string[] = [];
    await start(({ url }) => void served.push(url!));
    const client = open('POST /1 HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n');
    await waitFor(() => served.length === 1);
    client.socket.write('malformed\r\n');
    await once(client.socket, 'close');
    expect(bodies(client.received)).toEqual(['<400>']);
  });
});
