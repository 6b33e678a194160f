/** Thrown for what is left to graphql-js: because it is rare, or because its answer is an error. */
export class Unsupported extends Error {}
