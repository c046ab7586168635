import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A cable between a client and a server, with a port that stays the same. */
export interface Link extends AsyncDisposable {
  readonly port: number;
  /** Milliseconds that every piece of data is held back, in both directions. */
  delayMs: number;
  /** Breaks every connection; new ones are refused. */
  cut(): Promise<void>;
  /** Connections stay open and take data, but nothing comes through: what a cut cable looks like from afar. */
  silence(): void;
  /** Everything works again; what was sent into the silence is lost. */
  mend(): Promise<void>;
}

/** @param target asked for every connection, so that a server may come back on another port */
export async function openLink(target: () => number, host = '127.0.0.1'): Promise<Link> {
  const pairs = new Set<Socket>();
  const state = { delayMs: 0, silent: false };
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const)
      relay(from, to, state, pairs);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(0);
  const port = portOf(server.address());
  const breakAll = () => {
    for (const socket of pairs) socket.destroy();
  };
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    breakAll();
    await closed;
  };
  return {
    port,
    get delayMs() {
      return state.delayMs;
    },
    set delayMs(ms) {
      state.delayMs = ms;
    },
    cut,
    silence: () => {
      state.silent = true;
    },
    mend: async () => {
      if (state.silent) breakAll();
      state.silent = false;
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: cut,
  };
}

function relay(
  from: Socket,
  to: Socket,
  state: { readonly delayMs: number; readonly silent: boolean },
  pairs: Set<Socket>,
): void {
  pairs.add(from);
  from.on('error', () => to.destroy());
  from.on('close', () => {
    pairs.delete(from);
    to.destroy();
  });
  // One piece after the other: a slow cable does not change their order.
  let last = Promise.resolve();
  const pass = (piece: Buffer | undefined) => {
    last = last.then(async () => {
      if (state.delayMs > 0) await pause(state.delayMs);
      if (state.silent || to.destroyed) return;
      if (piece === undefined) to.end();
      else to.write(piece);
    });
  };
  from.on('data', (piece: Buffer) => pass(piece));
  from.on('end', () => pass(undefined));
}

function portOf(address: string | { readonly port: number } | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
