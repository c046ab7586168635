#!/usr/bin/env node
import { getEventListeners } from 'node:events';
import { runCli } from './run-cli.ts';

const stop = new AbortController();
const insist = new AbortController();
/** Whoever keeps pressing means it; before that, what was claimed is given back. */
const MOST_INTERRUPTS = 5;
let interrupts = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks for an orderly end, the second insists. A command that has something to clear away listens.
    interrupts += 1;
    if (interrupts === 1) return stop.abort();
    if (interrupts > MOST_INTERRUPTS || getEventListeners(insist.signal, 'abort').length === 0)
      process.exit(130);
    insist.abort();
  });
}
// A reader that closes the pipe (head, for example) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const code = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  terminal: process.stdout.isTTY === true,
  signal: stop.signal,
  insist: insist.signal,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  pipe: (piece) =>
    new Promise((resolve, reject) => {
      process.stdout.write(piece, (error) => (error ? reject(error) : resolve()));
    }),
  ...(process.stdout.isTTY ? { width: process.stdout.columns } : {}),
});
process.exitCode = code;
// A pass that hangs must not keep the process that was told to stop.
if (stop.signal.aborted) process.exit(code);
