import type { CodegenConfig } from '@graphql-codegen/cli';

// A file, or a server: http://127.0.0.1:4000/schema.graphql, or http://127.0.0.1:4000/graphql by introspection.
const schema = process.env['LOG_MANAGER_SCHEMA'] ?? '../../schema.graphql';
const key = process.env['LOG_MANAGER_KEY'];
const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
// Introspection says only if it is asked that a condition of a filter has exactly one field.
const options = { headers, oneOf: true };

const config: CodegenConfig = {
  schema: { [schema]: options },
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        // A nullable field is null, not absent.
        avoidOptionals: { field: true },
        // A scalar without a type here is an error, instead of `unknown`.
        strictScalars: true,
        scalars: {
          DateTime: 'string',
          JSONObject: 'Record<string, unknown>',
          JSON: 'string | number | boolean',
          SafeInt: 'number',
        },
      },
    },
  },
};

export default config;
