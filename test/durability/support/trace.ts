import { readFileSync } from 'node:fs';

/** A system call, at its begin or at its end. */
export interface TraceEvent {
  /** The line of the trace. What ended on an earlier line had been done before what begins on a later one. */
  readonly line: number;
  readonly phase: 'begin' | 'end';
  readonly call: SystemCall;
}

export interface SystemCall {
  readonly name: string;
  /** As strace writes them, without the parentheses; those that the kernel writes may be missing at its begin. */
  readonly args: string;
  /** Undefined until its end, and for good when the process ended first. */
  result: number | undefined;
}

const whole = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)[^"]*$/s;
const unfinished = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/s;
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>.* = (-?\d+|\?)[^"]*$/s;

/** The text of a trace that strace wrote with `-f -xx`. */
export function readTrace(file: string): string {
  return readFileSync(file, 'latin1');
}

export function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Which lines contain a text. */
export function linesWith(text: string, wanted: string): number[] {
  const lines: number[] = [];
  let line = 0;
  for (let from = 0, to; (to = text.indexOf('\n', from)) >= 0; from = to + 1, line++) {
    if (text.slice(from, to).includes(wanted)) lines.push(line);
  }
  return lines;
}

/** The calls of all threads in the order in which they began and ended. */
export function* eventsOf(text: string): Generator<TraceEvent> {
  const underWay = new Map<string, SystemCall>();
  let line = 0;
  for (let from = 0, to; (to = text.indexOf('\n', from)) >= 0; from = to + 1, line++) {
    const written = text.slice(from, to);
    let match = whole.exec(written);
    if (match) {
      const [, , name, args, result] = match as unknown as [string, ...string[]];
      const call: SystemCall = { name: name!, args: args!, result: undefined };
      yield { line, phase: 'begin', call };
      call.result = toResult(result!);
      yield { line, phase: 'end', call };
      continue;
    }
    match = unfinished.exec(written);
    if (match) {
      const [, thread, name, args] = match as unknown as [string, ...string[]];
      const call: SystemCall = { name: name!, args: args!, result: undefined };
      underWay.set(thread!, call);
      yield { line, phase: 'begin', call };
      continue;
    }
    match = resumed.exec(written);
    if (match) {
      const [, thread, , result] = match as unknown as [string, ...string[]];
      const call = underWay.get(thread!);
      if (!call) throw new Error(`line ${line} ends a call that has not begun`);
      underWay.delete(thread!);
      call.result = toResult(result!);
      yield { line, phase: 'end', call };
      continue;
    }
    // Ends of threads, and signals.
    if (!/^\d+ +(\+\+\+|---)/.test(written)) {
      throw new Error(`line ${line} is not understood: ${written.slice(0, 200)}`);
    }
  }
}

function toResult(text: string): number | undefined {
  return text === '?' ? undefined : Number(text);
}

/** The bytes that a call is given: those of all its strings, which are written in hexadecimal. */
export function bytesOf({ args }: SystemCall): Buffer {
  const strings = [...args.matchAll(/"([^"]*)"(\.\.\.)?/g)];
  if (strings.some(([, , isCut]) => isCut)) throw new Error('the trace does not have all bytes');
  return Buffer.from(strings.map(([, hex]) => hex!.replaceAll('\\x', '')).join(''), 'hex');
}

/** The number that an argument is, counted from the end when negative. */
export function numberAt({ args }: SystemCall, at: number): number {
  return Number(args.split(', ').at(at));
}
