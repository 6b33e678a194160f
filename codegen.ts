import type { CodegenConfig } from '@graphql-codegen/cli';

/** Resolver types from the SDL. The result is committed; the check generates it again and compares. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'src/graphql/schema/generated/resolver-types.ts': {
      plugins: [
        { add: { content: '/* Generated from schema.graphql by `npm run generate`. */' } },
        'typescript',
        'typescript-resolvers',
      ],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        strictScalars: true,
        avoidOptionals: { field: true, inputValue: false },
        makeResolverTypeCallable: true,
        customResolverFn: '../field-resolver#FieldResolver',
        contextType: '../../context#GraphQLContext',
        resolversNonOptionalTypename: false,
        mappers: {
          RecordSessionPayload: '../../../logs/recording/recorder#RecordedSession',
          LogChanges: '../../../logs/feed/page#ChangesPage',
          LogEntryConnection: '../../../logs/reading/entry-page#EntryConnection',
          Session: '../../../logs/reading/sessions#Session as SessionModel',
        },
        scalars: {
          DateTime: 'string',
          JSONObject: '../../../logs/model/json#JsonObject',
          JSON: '../../../logs/filtering/property-filter#JsonScalar',
          SafeInt: 'number',
          ID: 'string',
        },
      },
    },
  },
};

export default config;
