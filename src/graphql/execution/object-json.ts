import type { GraphQLResolveInfo } from 'graphql';
import type { ReadContext } from '../../logs/model/read-context';
import { listJson, writeJson } from '../../logs/model/write-json';
import { subfieldsOf } from './projection';
import { RawJson } from './raw-json';

/** A selected field of a plain object. */
interface Member {
  readonly key: string;
  readonly name: string;
  /** For a list of objects: what is selected of them. */
  readonly below?: Selection;
}

interface Selection {
  readonly typeName: string;
  readonly members: readonly Member[];
}

/** Fields that hold lists of plain objects, and the types of these. */
const listTypes: Readonly<Record<string, string>> = { 'HistogramBucket.groups': 'GroupCount' };

function readSelection(typeName: string, info: GraphQLResolveInfo): Selection {
  const members = subfieldsOf(typeName, info).map(({ key, name, info: below }): Member => {
    const itemType = listTypes[`${typeName}.${name}`];
    return { key, name, ...(itemType !== undefined && { below: readSelection(itemType, below) }) };
  });
  return { typeName, members };
}

/** The JSON of a plain object, in pieces. */
function* writeObject(object: object, { typeName, members }: Selection): Generator<string> {
  let text = '{';
  let separator = '';
  for (const { key, name, below } of members) {
    text += `${separator}"${key}":`;
    separator = ',';
    const value: unknown = name === '__typename' ? typeName : object[name as keyof object];
    if (below) {
      yield text;
      yield* writeList(value as readonly object[], below);
      text = '';
    } else text += JSON.stringify(value);
  }
  yield `${text}}`;
}

function writeList(objects: readonly object[], selection: Selection): Generator<string> {
  return listJson(objects, (object) => writeObject(object, selection));
}

/**
 * Writes a list of plain objects with the selected fields, in slices.
 * @throws {TooManyBytesError} when the response would hold too many bytes
 */
export async function listObjects(
  typeName: string,
  objects: readonly object[],
  { take }: Pick<ReadContext, 'take'>,
  info: GraphQLResolveInfo,
): Promise<RawJson> {
  return new RawJson(await writeJson(writeList(objects, readSelection(typeName, info)), take));
}
