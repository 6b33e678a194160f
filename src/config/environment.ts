import { settings, type SettingName } from './settings';

/** The text of every setting: from the environment, or the default. */
export type Environment = Readonly<Record<SettingName, string>>;

/** Reads the settings from environment variables. An empty value counts as not set. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const entries = settings.map(({ name, default: fallback }) => [name, env[name]?.trim() || fallback]);
  return Object.fromEntries(entries) as Environment;
}
