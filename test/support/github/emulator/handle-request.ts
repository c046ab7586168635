import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { allRoutes } from './all-routes.ts';
import { type Answer, notFound, refused } from './answer.ts';
import type { Call } from './call.ts';
import { followRefs } from './follow-refs.ts';
import type { Intercept } from './intercept.ts';
import { movedAnswer } from './moved.ts';
import { pusherOf } from './pusher.ts';
import { type RateLimits, rateLimits } from './rate-limit.ts';
import { refusalOf } from './rights.ts';
import { type RouteTable, routeTable } from './route-table.ts';
import type { World } from './world.ts';

export interface RequestNote {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  /** It came with `If-None-Match`. */
  readonly conditional: boolean;
  /** It was counted against the hour's limit. */
  readonly rateCounted: boolean;
  /** By the emulator's clock. */
  readonly at: Date;
}

export interface Service {
  readonly world: World;
  readonly requests: RequestNote[];
  readonly intercept: Intercept;
  turn<T>(work: () => Promise<T>): Promise<T>;
}

interface Desk extends Service {
  readonly limits: RateLimits;
  readonly table: RouteTable;
}

interface Incoming {
  readonly req: IncomingMessage;
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly token: string;
}

export function requestHandler(service: Service): RequestListener {
  const limits = rateLimits(service.world);
  const table = routeTable(service.world, allRoutes(limits));
  const desk: Desk = { ...service, limits, table };
  return (req, res) => {
    handle(desk, req, res).catch((error: unknown) => {
      res.writeHead(500).end(JSON.stringify({ message: `The emulator failed: ${String(error)}` }));
    });
  };
}

async function handle(desk: Desk, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const incoming = await readRequest(req);
  const { method, url, body } = incoming;
  const verdict = await desk.intercept({
    method,
    path: `${url.pathname}${url.search}`,
    headers: req.headers,
    body,
  });
  if (verdict === 'cut') {
    take(desk, incoming, 0, false);
    return void req.socket.destroy();
  }
  if (typeof verdict === 'object' && 'status' in verdict) return sendInstead(desk, incoming, verdict, res);
  if (typeof verdict === 'object') await pause(verdict.delay);
  const answer = await desk.turn(() => answerTo(desk, incoming));
  if (verdict === 'cut-after') return void req.socket.destroy();
  send(res, answer);
}

async function readRequest(req: IncomingMessage): Promise<Incoming> {
  const url = new URL(req.url ?? '/', `http://${req.headers.host ?? 'localhost'}`);
  const token = (req.headers.authorization ?? '').replace(/^(?:token|bearer) +/i, '');
  return { req, method: req.method ?? 'GET', url, body: await text(req), token };
}

function take(desk: Desk, { req, method, url }: Incoming, status: number, rateCounted: boolean): void {
  desk.requests.push({
    method,
    path: `${url.pathname}${url.search}`,
    status,
    conditional: req.headers['if-none-match'] !== undefined,
    rateCounted,
    at: desk.world.now(),
  });
}

function sendInstead(desk: Desk, incoming: Incoming, answer: Answer, res: ServerResponse): void {
  take(desk, incoming, answer.status, true);
  const headers = { ...commonHeaders(desk, incoming), ...answer.headers };
  send(res, { ...answer, headers });
}

/** The whole answer, with the headers that GitHub adds to each. */
async function answerTo(desk: Desk, incoming: Incoming): Promise<Answer> {
  const { req, method, url, token } = incoming;
  const { answer, needs } = await served(desk, incoming);
  const etag = method === 'GET' && answer.status === 200 ? etagOf(answer.body) : undefined;
  const isSame = etag !== undefined && req.headers['if-none-match'] === etag;
  const shown = isSame ? { status: 304 } : answer;
  const counted = !isSame && url.pathname !== '/rate_limit' && answer.status !== 401;
  if (counted) desk.limits.count(token);
  take(desk, incoming, shown.status, counted);
  const headers = {
    ...commonHeaders(desk, incoming),
    ...(needs === '' ? {} : { 'x-accepted-github-permissions': needs }),
    ...(etag === undefined ? {} : { etag, 'cache-control': 'private, max-age=60, s-maxage=60' }),
    ...shown.headers,
  };
  return { ...shown, headers };
}

async function served(desk: Desk, incoming: Incoming): Promise<{ answer: Answer; needs: string }> {
  const { world } = desk;
  const { method, url, token } = incoming;
  const actor = world.tokens.get(token);
  const nobody = token === '' ? 'Requires authentication' : 'Bad credentials';
  if (actor === undefined) return { answer: refused(401, nobody), needs: '' };
  // A used-up hour refuses before anything happens.
  const exhausted = url.pathname === '/rate_limit' ? undefined : desk.limits.refusal(token);
  if (exhausted !== undefined) return { answer: exhausted, needs: '' };
  const moved = movedAnswer(world, method, url);
  const match = desk.table.find(method, url.pathname);
  if (moved !== undefined || match === undefined) return { answer: moved ?? notFound(), needs: '' };
  const { needs } = match.route;
  const body = parsed(incoming.body);
  if (body === undefined) return { answer: refused(400, 'Problems parsing JSON'), needs };
  await followRefs(world, pusherOf(world));
  const call: Call = {
    world,
    origin: url.origin,
    method,
    path: url.pathname,
    params: match.params,
    query: url.searchParams,
    body,
    actor,
    token,
  };
  const answer = refusalOf(call, match.route) ?? (await match.route.answer(call));
  return { answer, needs };
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  if (body === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function etagOf(body: unknown): string {
  return `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`;
}

function commonHeaders(desk: Desk, { token }: Incoming): Record<string, string> {
  const rights = desk.world.tokens.get(token);
  return {
    date: desk.world.now().toUTCString(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': `E000:${desk.requests.length}`,
    ...(rights === undefined ? {} : desk.limits.headers(token)),
  };
}

function send(res: ServerResponse, { status, body, headers }: Answer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const whole = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  res.writeHead(status, { ...type, ...headers }).end(whole);
}
