import { population } from './filling';

const { bigUser, rareType, otherUsers, types } = population;

const list = (values: readonly string[]): string => JSON.stringify(values);
const big = `userIds: ["${bigUser}"]`;
const hundredUsers = `userIds: ${list([bigUser, ...otherUsers.slice(0, 99)])}`;
const fields = 'nodes { id time type properties userId sessionId receivedAt }';

const rare = `logs(user: "${bigUser}", type: "${rareType}") { id time type properties }`;
const groupsByType = `logHistogram(interval: DAY, groupBy: TYPE, topGroups: 100) {
  buckets { start count otherCount groups { key count } } }`;
const groupsByUser = `logHistogram(filter: { ${big} }, interval: DAY, groupBy: USER, topGroups: 100) {
  buckets { start count otherCount groups { key count } } }`;
const noSuchPage = `logsConnection(first: 1000, filter: {
    ${big}, properties: [{ path: ["page"], is: { equals: "none" } }] }) { ${fields} }`;
const largeX = `logsConnection(first: 1000, order: TIME_DESC, filter: {
    types: ${list([...types, rareType])}, properties: [{ path: ["locationX"], is: { gt: 9000 } }] }) { ${fields} }`;
const allTypes = `logTypes { types { type count firstTime lastTime } otherCount }`;
const typesOfUsers = `logTypes(filter: { ${hundredUsers} }) { types { type count firstTime lastTime } }`;
const sessionsOfUsers = `sessions(first: 1000, filter: { ${hundredUsers} }) {
  nodes { id userId sessionId startedAt endedAt entryCount } }`;
const count = `logsConnection(first: 1, filter: { ${big}, types: ["${rareType}", "none"] }) {
  totalCount(upTo: 10000) { value exact } }`;
const clicks = `clickMap(cell: 20, filter: { ${big} }) { cells { x y count } }`;

/** The most expensive reads there are, and documents with several of them, by name. */
export const expensiveReads: Readonly<Record<string, string>> = {
  'user and rare type': `{ ${rare} }`,
  'histogram by type': `{ ${groupsByType} }`,
  'histogram by user': `{ ${groupsByUser} }`,
  'property of a user': `{ ${noSuchPage} }`,
  'property of types': `{ ${largeX} }`,
  'all types': `{ ${allTypes} }`,
  'types of users': `{ ${typesOfUsers} }`,
  'sessions of users': `{ ${sessionsOfUsers} }`,
  'count of a rare type': `{ ${count} }`,
  'click map': `{ ${clicks} }`,
  'three fields': `{ a: ${rare} b: ${count} c: ${allTypes} }`,
  'six fields': `{ a: ${rare} b: ${rare} c: ${count} d: ${noSuchPage} e: ${typesOfUsers} f: ${clicks} }`,
};
