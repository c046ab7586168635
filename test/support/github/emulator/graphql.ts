import { schema as github } from '@octokit/graphql-schema';
import { buildSchema, type GraphQLError, type GraphQLSchema, graphql } from 'graphql';
import { type Answer, ok, refused } from './answer.ts';
import { type Call, type Route, textOf } from './call.ts';
import { graphqlRoot } from './graphql-root.ts';

/** The few questions and changes that REST does not have, held against GitHub's own schema. */
export const graphqlRoute: Route = { method: 'POST', path: '//graphql', needs: '', answer: execute };

async function execute(call: Call): Promise<Answer> {
  const source = textOf(call, 'query');
  if (source === undefined) return refused(400, 'A query attribute must be specified and must be a string.');
  const variableValues = call.body.variables as Record<string, unknown> | undefined;
  const result = await graphql({
    schema: githubSchema(),
    source,
    rootValue: graphqlRoot(call),
    ...(variableValues === undefined ? {} : { variableValues }),
  });
  const errors = result.errors?.map(asGithubWrites);
  return ok({ ...(result.data === undefined ? {} : { data: result.data }), ...(errors ? { errors } : {}) });
}

let built: GraphQLSchema | undefined;

/** Building it takes a third of a second: only who asks pays. */
function githubSchema(): GraphQLSchema {
  built ??= buildSchema(github.idl, { assumeValid: true });
  return built;
}

/** The kind of an error stands beside its message, not below `extensions`. */
function asGithubWrites({ message, path, locations, extensions }: GraphQLError): unknown {
  const { type, ...rest } = extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: rest }),
    locations,
    message,
  };
}
