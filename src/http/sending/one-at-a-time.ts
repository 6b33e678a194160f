import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Above this many waiting requests, no more are read from their connection. A request in the buffer still is. */
const maxReadAhead = 100;

/** Waiting requests of all connections. Each takes 4.4 KB. */
export const maxWaitingRequests = 10_000;

/** So many waiting requests are a crowd. */
const defaultCrowd = 1_000;

/** The requests of one connection. */
interface Pipeline {
  /** The answer that is made or sent. */
  current: ServerResponse;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
  /** Refuses what follows the requests, which is malformed; called after their answers. */
  refuse?: () => void;
  /** Whether it has ever been paused. */
  isHeldBack?: boolean;
}

export interface OneAtATimeOptions {
  readonly maxWaiting?: number;
  readonly crowd?: number;
  /** Called when no request waits any more after so many as a crowd did: they have left much garbage. */
  readonly onCrowdEnd: () => void;
  /** Called when a connection is closed because too many requests wait. */
  readonly onClosed: () => void;
}

/**
 * Serves the requests of a connection one at a time: a pipelined request is executed when the answer before it is out
 * of this process. Node would execute all that arrive together, and keep their answers in memory until the client has
 * taken those before.
 */
export function createOneAtATime({
  maxWaiting = maxWaitingRequests,
  crowd = defaultCrowd,
  onCrowdEnd,
  onClosed,
}: OneAtATimeOptions) {
  let serve: RequestListener;
  const pipelines = new WeakMap<Socket, Pipeline>();
  let waitingCount = 0;
  let hadCrowd = false;

  function countWaiting(change: number): void {
    waitingCount += change;
    if (waitingCount >= crowd) hadCrowd = true;
    if (!hadCrowd || waitingCount > 0) return;
    hadCrowd = false;
    onCrowdEnd();
  }

  function serveNext(socket: Socket, pipeline: Pipeline): void {
    const { waiting } = pipeline;
    // The client is gone, or the answer had the header `connection: close`.
    const count = socket.writable ? Math.min(waiting.length, 1) : waiting.length;
    const [next] = waiting.splice(0, count);
    countWaiting(-count);
    if (!socket.writable) return;
    if (next === undefined) return pipeline.refuse?.();
    if (waiting.length === maxReadAhead) socket.resume();
    const [request, response] = next;
    pipeline.current = response;
    if (waiting.length > 0 || pipeline.refuse) response.once('close', () => serveNext(socket, pipeline));
    serve(request, response);
  }

  const listener: RequestListener = (request, response) => {
    const { socket } = request;
    // Node passes on what it has read, although it sends no other answer.
    if (!socket.writable) return;
    const pipeline = pipelines.get(socket);
    if (pipeline === undefined) {
      pipelines.set(socket, { current: response, waiting: [] });
      return serve(request, response);
    }
    const { current, waiting } = pipeline;
    if (waiting.length === 0 && current.closed) {
      pipeline.current = response;
      return serve(request, response);
    }
    if (waitingCount >= maxWaiting) {
      onClosed();
      socket.destroy();
      return;
    }
    countWaiting(1);
    waiting.push([request, response]);
    if (waiting.length === 1) current.once('close', () => serveNext(socket, pipeline));
    if (waiting.length <= maxReadAhead) return;
    socket.pause();
    if (pipeline.isHeldBack) return;
    pipeline.isHeldBack = true;
    // Node resumes when it reads a body, and when the socket has sent all.
    socket.on('resume', () => waiting.length > maxReadAhead && socket.pause());
  };
  return {
    /** @returns a listener that calls this one when it is a request's turn */
    wrap(inner: RequestListener): RequestListener {
      serve = inner;
      return listener;
    },

    /** Whether a request of a connection is not answered yet. */
    isBusy(socket: Socket): boolean {
      const pipeline = pipelines.get(socket);
      return pipeline !== undefined && (pipeline.waiting.length > 0 || !pipeline.current.closed);
    },

    /** Refuses what a client has sent after its last request, or in its body, when those before are answered. */
    refuse(socket: Socket, refuse: () => void): void {
      const pipeline = pipelines.get(socket);
      if (pipeline === undefined) return refuse();
      // Each part that arrives behind malformed bytes is malformed, too.
      if (pipeline.refuse) return;
      const { current, waiting } = pipeline;
      const isServed = waiting.length === 0;
      const [, last] = waiting.at(-1) ?? [undefined, current];
      const isInBody = !last.req.complete;
      if (isServed && (isInBody || current.closed)) return refuse();
      pipeline.refuse = refuse;
      if (isServed) current.once('close', () => serveNext(socket, pipeline));
      else if (isInBody) {
        waiting.pop();
        countWaiting(-1);
      }
    },
  };
}
