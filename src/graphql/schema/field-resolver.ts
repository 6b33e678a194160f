import type { GraphQLFieldResolver } from 'graphql';
import type { ClickCell } from '../../logs/log-entry-repository';
import type { LogEntry } from '../../logs/model/log-entry';
import type { HistogramBucket } from '../../logs/reading/histogram';
import type { LogTypeSummary } from '../../logs/reading/log-types';
import type { ShownErasure } from '../../logs/feed/page';
import type { RawJson } from '../execution/raw-json';

/** A resolver of a field. Those of lists of entries and counts return JSON text. */
export type FieldResolver<Result, Parent, Context, Args> = GraphQLFieldResolver<
  Parent,
  Context,
  Args,
  Output<Result> | Promise<Output<Result>>
>;

/** Items of such lists. */
type Listed =
  LogEntry | { readonly node: LogEntry } | HistogramBucket | LogTypeSummary | ClickCell | ShownErasure;

type Output<Result> = Result extends readonly (infer Item)[]
  ? Awaited<Item> extends Listed
    ? RawJson
    : Result
  : Result;
