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
      '@typescript-eslint/no-invalid-void-type': [
        'error',
        { allowAsThisParameter: true, allowInGenericTypeArguments: true },
      ],
    },
  },
];
