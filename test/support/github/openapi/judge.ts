import { Ajv, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import {
  type Content,
  DESCRIPTION_ID,
  type Description,
  type Operation,
  type Parameter,
  readDescription,
  resolved,
} from './description.ts';

export interface Violation {
  /** `request body/title`, `answer body/0/head`. */
  readonly place: string;
  readonly message: string;
}

export interface DescribedCall {
  readonly operation: Operation;
  /** The parts of the path that the description names. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Judge {
  readonly description: Description;
  /** @param path as the description writes it: one part for each placeholder. Undefined: it is not described. */
  find(method: string, path: string): DescribedCall | undefined;
  judgeRequest(call: DescribedCall, query: URLSearchParams, body: string): Violation[];
  judgeAnswer(call: DescribedCall, status: number, type: string | undefined, body: string): Violation[];
}

/**
 * Holds requests and answers against the slice of GitHub's description. With Ajv and not with Prism, because
 * Prism takes every answer whose schema it cannot compile for good, and `issue` is one of those: it has a
 * reference to itself.
 */
export function openJudge(): Promise<Judge> {
  opened ??= open();
  return opened;
}

/** It remembers nothing of what it judges: one a process is enough. */
let opened: Promise<Judge> | undefined;

async function open(): Promise<Judge> {
  const description = await readDescription();
  const check = checker(description);
  return {
    description,
    find: (method, path) => findCall(description, method, path),
    judgeRequest: ({ operation, params }, query, body) => [
      ...judgeParameters(description, check, operation, params, query),
      ...judgeBody(check, operation, body),
    ],
    judgeAnswer: ({ operation }, status, type, body) =>
      judgeAnswer(description, check, operation, status, type, body),
  };
}

/** Every component is compiled once, when it is first needed; GitHub has looked at the schemas itself. */
const quickly: Options = {
  allErrors: true,
  strict: false,
  logger: false,
  inlineRefs: false,
  validateSchema: false,
  code: { optimize: false },
};

type Check = (schema: object, value: unknown, place: string, isText?: boolean) => Violation[];

function checker({ components }: Description): Check {
  const open = (coerceTypes: boolean) => {
    const ajv = new Ajv({ ...quickly, coerceTypes });
    formats.default(ajv);
    return ajv.addSchema({ $id: DESCRIPTION_ID, components });
  };
  // What stands in an address is text: there a number may be written in digits.
  const [forJson, forText] = [open(false), open(true)];
  return (schema, value, place, isText = false) => {
    const validate: ValidateFunction = (isText ? forText : forJson).compile(schema);
    if (validate({ value }.value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => ({
      place: `${place}${instancePath}`,
      message: `${message} ${JSON.stringify(params)}`,
    }));
  };
}

/** A path without placeholders goes first: `issues/comments/{comment_id}` before `issues/{issue_number}/comments`. */
function findCall(description: Description, method: string, path: string): DescribedCall | undefined {
  const templates = Object.keys(description.paths).sort((a, b) => a.split('{').length - b.split('{').length);
  for (const template of templates) {
    const match = patternOf(template).exec(path);
    const operation = description.paths[template]?.[method.toLowerCase()];
    if (match !== null && operation !== undefined) return { operation, params: match.groups ?? {} };
  }
  return undefined;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]*)')}$`);
}

function judgeParameters(
  description: Description,
  check: Check,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Violation[] {
  const known = (operation.parameters ?? []).map((parameter) => resolved<Parameter>(description, parameter));
  const strange = [...query.keys()].filter(
    (name) => !known.some((one) => one.in === 'query' && one.name === name),
  );
  return [
    ...strange.map((name) => ({ place: `request query/${name}`, message: 'is not described' })),
    ...known.flatMap((parameter) => {
      const value = parameter.in === 'path' ? params[parameter.name] : query.get(parameter.name);
      if (parameter.in === 'header' || value === undefined || value === null) return [];
      return check(
        parameter.schema,
        decodeURIComponent(value),
        `request ${parameter.in}/${parameter.name}`,
        true,
      );
    }),
  ];
}

function judgeBody(check: Check, { requestBody }: Operation, body: string): Violation[] {
  const schema = requestBody?.content['application/json']?.schema;
  if (body === '' && requestBody?.required !== true) return [];
  if (schema === undefined) return [{ place: 'request body', message: 'is not described' }];
  const value = parsed(body);
  if (value === undefined) return [{ place: 'request body', message: 'is no JSON' }];
  return [...check(schema, value, 'request body'), ...strangeFields(schema, value)];
}

/** A misspelled field would be ignored in silence. */
function strangeFields(schema: object, value: unknown): Violation[] {
  if (!('properties' in schema) || typeof value !== 'object' || value === null) return [];
  const known = Object.keys(schema.properties as object);
  const strange = Object.keys(value).filter((name) => !known.includes(name));
  return strange.map((name) => ({ place: `request body/${name}`, message: 'is not described' }));
}

function judgeAnswer(
  description: Description,
  check: Check,
  operation: Operation,
  status: number,
  type: string | undefined,
  body: string,
): Violation[] {
  const described = operation.responses[String(status)];
  const value = parsed(body);
  if (described === undefined || status >= 400) {
    // GitHub refuses in more ways than it documents, but always with words.
    if (status < 300) return [{ place: 'answer status', message: `${status} is not described` }];
    if (status === 304 || typeof (value as { message?: unknown } | undefined)?.message === 'string')
      return [];
    return [{ place: 'answer body/message', message: 'has to be text' }];
  }
  const schema = schemaOf(resolved(description, described).content);
  if (schema === undefined) return body === '' ? [] : [{ place: 'answer body', message: 'has to be empty' }];
  if (type?.startsWith('application/json') !== true)
    return [{ place: 'answer content-type', message: `${type} is not JSON` }];
  return check(schema, value, 'answer body');
}

function schemaOf(content: Content | undefined): object | undefined {
  return content?.['application/json']?.schema ?? Object.values(content ?? {})[0]?.schema;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
