import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cleanGitEnv, outputOf } from './run-process.ts';

/** A running backend; its error text is collected as it arrives. */
export interface Backend {
  process: ChildProcessWithoutNullStreams;
  /** Resolves when the process has ended and its streams are closed. */
  closed: Promise<void>;
  errorText(): string;
}

/** The absolute path of git's own CGI program. Rejects when git is missing. */
export async function backendPath(): Promise<string> {
  return join(await outputOf('git', ['--exec-path'], { env: cleanGitEnv('/') }), 'git-http-backend');
}

/** Starts `git http-backend` for one request and streams the request body to it. */
export function startBackend(
  path: string,
  root: string,
  user: string | undefined,
  req: IncomingMessage,
): Backend {
  const child = spawn(path, [], { env: cgiEnv(root, user, req), stdio: 'pipe' });
  let errorText = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText += text;
  });
  child.on('error', (error) => {
    errorText += error.message;
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  req.pipe(child.stdin);
  // A backend that stops reading early still answers, once the client has sent everything.
  child.stdin.on('error', () => req.resume());
  // A client that leaves halfway. Some versions of the backend would wait forever for the rest.
  req.on('error', () => req.complete || child.kill());
  return { process: child, closed, errorText: () => errorText };
}

/** Sends the backend's answer as it comes: its headers, with `Status:` as the status, then its body. */
export async function relayAnswer(backend: Backend, res: ServerResponse): Promise<void> {
  const head = await readHead(backend.process.stdout);
  if (head === undefined) {
    await backend.closed;
    res.writeHead(500).end(`git http-backend gave no answer: ${backend.errorText()}`);
    return;
  }
  writeHead(head, res);
  await pipeline(backend.process.stdout, res);
}

/** RFC 3875 section 4.1: the request as variables of the environment. */
function cgiEnv(root: string, user: string | undefined, req: IncomingMessage): NodeJS.ProcessEnv {
  const url = new URL(req.url ?? '/', 'http://server');
  return {
    ...cleanGitEnv(root),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: req.method,
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REMOTE_ADDR: req.socket.remoteAddress,
    REMOTE_USER: user,
    CONTENT_TYPE: req.headers['content-type'],
    // Absent for a chunked body: the backend then reads to the end of its input.
    CONTENT_LENGTH: req.headers['content-length'],
    HTTP_CONTENT_ENCODING: req.headers['content-encoding'],
    HTTP_GIT_PROTOCOL: oneValue(req.headers['git-protocol']),
    GIT_PROTOCOL: oneValue(req.headers['git-protocol']),
  };
}

function oneValue(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(':') : header;
}

/** Reads up to the empty line and leaves the rest in the stream. Undefined when the stream ends before it. */
async function readHead(stdout: Readable): Promise<string | undefined> {
  let seen = Buffer.alloc(0);
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf('\r\n\r\n');
    if (end === -1) continue;
    stdout.unshift(seen.subarray(end + 4));
    return seen.subarray(0, end).toString('latin1');
  }
  return undefined;
}

function writeHead(head: string, res: ServerResponse): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else res.setHeader(name, value);
  }
  res.writeHead(status);
}
