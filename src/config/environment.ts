import { settings, type SettingName } from './settings';

/** The text of every setting, its default where the environment has none. */
export type Environment = Readonly<Record<SettingName, string>>;

/** Picks our settings out of the process environment. An empty value means "not set". */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const entries = settings.map(({ name, default: fallback }) => [
    name,
    env[name]?.trim() || fallback,
  ]);
  return Object.fromEntries(entries) as Environment;
}
