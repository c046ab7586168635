import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { listen, shutDown } from '../../llm/loopback-server.ts';
import { type FaultAnswer, type FaultScript, type FaultStep, matches } from './fault-step.ts';
import { passOn } from './pass-on.ts';

export interface ScriptedFaults extends AsyncDisposable {
  readonly url: string;
  /** Every request so far; `scripted` ones were answered from the script. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly scripted: boolean;
  }[];
  /** Answers of the script that nobody has asked for yet. */
  left(): number;
}

export interface FaultScriptOptions {
  /** What `{now+SECONDS}` in a header counts from. Default: the time of this machine. */
  readonly now?: () => Date;
}

interface Stage {
  readonly upstream: string | undefined;
  readonly steps: { readonly step: FaultStep; left: number }[];
  readonly requests: { method: string; path: string; scripted: boolean }[];
  readonly now: () => Date;
}

/**
 * A server that replays recorded answers. A request takes the first step that fits and is not used up; what fits
 * none goes to the upstream, and is a 404 where there is none.
 * @param script the name of a file in `faults/`, or the script itself
 */
export async function faultScript(
  script: string | FaultScript,
  upstream?: string,
  options: FaultScriptOptions = {},
): Promise<ScriptedFaults> {
  const { steps } = typeof script === 'string' ? await readScript(script) : script;
  const stage: Stage = {
    upstream,
    steps: steps.map((step) => ({ step, left: step.times ?? 1 })),
    requests: [],
    now: options.now ?? (() => new Date()),
  };
  const server = createServer((req, res) => {
    // A client that does not wait ends its own request; nothing is left to answer then.
    handle(stage, req, res).catch(() => res.destroy());
  });
  return {
    url: await listen(server),
    requests: stage.requests,
    left: () => stage.steps.reduce((sum, { left }) => sum + left, 0),
    [Symbol.asyncDispose]: () => shutDown(server),
  };
}

async function readScript(name: string): Promise<FaultScript> {
  const file = new URL(`./faults/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as FaultScript;
}

async function handle(stage: Stage, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await text(req);
  const found = stage.steps.find(({ step, left }) => left > 0 && matches(step, req));
  stage.requests.push({ method: req.method ?? '', path: req.url ?? '', scripted: found !== undefined });
  if (found === undefined) return passThrough(stage, req, body, res);
  found.left -= 1;
  await play(stage, found.step.answer, req, body, res);
}

async function passThrough(
  stage: Stage,
  req: IncomingMessage,
  body: string,
  res: ServerResponse,
): Promise<void> {
  const nothing = { status: 404, headers: {}, body: JSON.stringify({ message: 'Not Found' }) };
  const answer = stage.upstream === undefined ? nothing : await passOn(stage.upstream, req, body);
  res.writeHead(answer.status, answer.headers).end(answer.body);
}

async function play(
  stage: Stage,
  answer: FaultAnswer,
  req: IncomingMessage,
  body: string,
  res: ServerResponse,
): Promise<void> {
  const isGone = new AbortController();
  res.once('close', () => isGone.abort());
  await pause(answer.delay ?? 0, undefined, { signal: isGone.signal });
  const { status, headers, pieces } = await preparedAnswer(stage, answer, req, body);
  if (answer.cut === 'before') return void req.socket.destroy();
  res.writeHead(status, headers);
  for (const piece of pieces) {
    if (typeof piece === 'string') res.write(piece);
    else await pause(piece, undefined, { signal: isGone.signal });
  }
  if (answer.cut !== 'after') return void res.end();
  // What was written has to arrive before the connection ends.
  await new Promise((resolve) => res.write('', resolve));
  req.socket.destroy();
}

interface Prepared {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly pieces: readonly (string | number)[];
}

async function preparedAnswer(
  stage: Stage,
  answer: FaultAnswer,
  req: IncomingMessage,
  body: string,
): Promise<Prepared> {
  if (answer.upstream !== undefined) return spoiled(stage, answer.upstream, req, body);
  const filled = (words: string) => fill(stage, req, words);
  const json = answer.body === undefined ? [] : [filled(JSON.stringify(answer.body))];
  const headers = { 'content-type': 'application/json; charset=utf-8', ...answer.headers };
  const entries = Object.entries(headers).map(([name, value]) => [name, filled(value)]);
  return {
    status: answer.status ?? 200,
    headers: Object.fromEntries(entries),
    pieces: answer.pieces ?? json,
  };
}

function fill(stage: Stage, req: IncomingMessage, words: string): string {
  const seconds = Math.floor(stage.now().getTime() / 1000);
  return words
    .replaceAll('{origin}', `http://${req.headers.host}`)
    .replace(/\{now\+(\d+)\}/g, (_, more: string) => String(seconds + Number(more)));
}

/** The upstream's own answer, asked another question, changed, or in part. */
async function spoiled(
  stage: Stage,
  { query, change, part }: NonNullable<FaultAnswer['upstream']>,
  req: IncomingMessage,
  body: string,
): Promise<Prepared> {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1');
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  req.url = `${url.pathname}${url.search}`;
  const answer = await passOn(stage.upstream ?? '', req, body);
  const whole =
    change === undefined ? answer.body : JSON.stringify({ ...JSON.parse(answer.body), ...change });
  const { 'content-length': _length, ...headers } = answer.headers;
  return {
    status: answer.status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    pieces: [whole.slice(0, Math.floor(whole.length * (part ?? 1)))],
  };
}
