import type { DocumentNode } from 'graphql';
import { createRecentlyUsed } from './recently-used';

/** Characters of the documents that are kept parsed, in which each can take 200 bytes. */
const maxLength = 200_000;
/** What a document costs beside its text, in characters. */
const baseLength = 100;

/**
 * Documents that Apollo Server has parsed and found valid. Its own store measures them as JSON, and holds four times the
 * 30 MB that it is meant to.
 */
export function createDocumentStore() {
  const documents = createRecentlyUsed<DocumentNode>(maxLength);
  return {
    get: async (key: string) => documents.get(key),
    set: async (key: string, document: DocumentNode) => {
      documents.set(key, document, baseLength + (document.loc?.end ?? maxLength));
    },
    delete: async (key: string) => documents.delete(key),
  };
}
