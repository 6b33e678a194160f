import { expect, it } from '@jest/globals';
import { describeMisspelt, findMisspeltSettings } from '../../src/config/misspelt';
import { settings } from '../../src/config/settings';

it.each([
  ['RETENTION_DAY', 'RETENTION_DAYS'],
  ['retention_days', 'RETENTION_DAYS'],
  ['RETENTION-DAYS', 'RETENTION_DAYS'],
  ['RETENTIONDAYS', 'RETENTION_DAYS'],
  ['LOG_MANAGER_RETENTION_DAYS', 'RETENTION_DAYS'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['DATABASE_URL_FILE', 'DATABASE_URL'],
  ['QUERY_TIMEOUT', 'QUERY_TIMEOUT_MS'],
  ['MAX_LOGS', 'MAX_LOGS_RESULT'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['port', 'PORT'],
])('%s is taken for %s', (name, meant) => {
  expect(findMisspeltSettings({ [name]: 'secret' })).toEqual([{ name, meant }]);
  expect(describeMisspelt({ name, meant })).not.toContain('secret');
});

it('settings themselves, empty values and the variables of other programs are not warned of', () => {
  const names = ['PATH', 'HOSTNAME', 'HOSTTYPE', 'POSTS', 'DB_HOST', 'LOG_MANAGER_PORT', 'DATABASE_PORT'];
  const others = [...names, 'NODE_ENV', 'npm_config_loglevel', 'npm_package_version', 'LOGNAME', 'LANG'];
  const env = Object.fromEntries([...others, ...Object.keys(settings)].map((name) => [name, '1']));
  expect(findMisspeltSettings({ ...env, RETENTION_DAY: ' ' })).toEqual([]);
});
