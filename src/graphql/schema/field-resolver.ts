import type { GraphQLFieldResolver } from 'graphql';
import type { LogEntry } from '../../logs/model/log-entry';
import type { RawJson } from '../execution/raw-json';

/** A resolver of a field. Those of lists of entries return JSON text. */
export type FieldResolver<Result, Parent, Context, Args> = GraphQLFieldResolver<
  Parent,
  Context,
  Args,
  Output<Result> | Promise<Output<Result>>
>;

type Output<Result> = Result extends readonly (infer Item)[]
  ? Awaited<Item> extends LogEntry | { readonly node: LogEntry }
    ? RawJson
    : Result
  : Result;
