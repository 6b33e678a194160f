interface ImportMetaEnv {
  readonly VITE_LOG_MANAGER_URL?: string;
  readonly VITE_LOG_MANAGER_KEY?: string;
}
