import type { Io } from '../../../src/cli/command.ts';

/** What a command printed, beside what it printed with. */
export function fakeIo(env: Readonly<Record<string, string>> = {}, json = false) {
  const said = { out: '', err: '' };
  const io: Io = {
    cwd: '/',
    env,
    json,
    color: false,
    terminal: false,
    width: undefined,
    signal: new AbortController().signal,
    insist: new AbortController().signal,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    pipe: async (piece) => {
      said.out += String(piece);
    },
  };
  return { io, said };
}

export const ON_ACTIONS = { GITHUB_ACTIONS: 'true' };
