import root from '../eslint.config.mjs';

const [, recommended, ...others] = root;

/** The rules of the project's root, for TypeScript with JSX. */
export default [
  { ignores: ['dist', 'src/gql'] },
  recommended,
  ...others
    .filter(({ files }) => files?.includes('**/*.ts'))
    .map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      // Names that take a value out of a destructuring, and parameters of a fixed signature.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Stores hand their functions to React, and use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // React and React Aria deprecate in minor versions: their names change when the packages do.
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
    },
  },
];
