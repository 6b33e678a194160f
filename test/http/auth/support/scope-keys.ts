/** A key for each scope, of every user and of the user `own`. */
export const keys = {
  record: { scopes: ['record'] },
  read: { scopes: ['read'] },
  erase: { scopes: ['erase'] },
  recordAndRead: { scopes: ['record', 'read'] },
  admin: { scopes: ['admin'] },
  ownRecord: { scopes: ['record'], userId: 'own' },
  ownRead: { scopes: ['read'], userId: 'own' },
  ownErase: { scopes: ['erase'], userId: 'own' },
  ownAdmin: { scopes: ['admin'], userId: 'own' },
} as const;
export type KeyName = keyof typeof keys;
export const keyNames = Object.keys(keys) as KeyName[];
