import { spawn } from 'node:child_process';

export interface Measured {
  readonly code: number;
  /** Milliseconds of wall time. */
  readonly ms: number;
  /** Peak resident memory, MB. */
  readonly peakMb: number;
  readonly stdout: string;
}

/** Writes the process's own accounting to file descriptor 3 as it ends. */
const accounting = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.resourceUsage())))`;

/** Runs node with these arguments as a process of its own, and measures it as a whole. */
export async function measureNode(args: readonly string[], cwd: string): Promise<Measured> {
  return measure(process.execPath, ['--import', accounting, ...args], cwd);
}

export async function measure(program: string, args: readonly string[], cwd: string): Promise<Measured> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const usage: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.resume();
    child.stdio[3]?.on('data', (chunk: Buffer) => usage.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const ms = performance.now() - since;
      const said = Buffer.concat(usage).toString('utf8');
      const peakMb = said === '' ? 0 : (JSON.parse(said) as NodeJS.ResourceUsage).maxRSS / 1_024;
      resolve({ code: code ?? 1, ms, peakMb, stdout: Buffer.concat(out).toString('utf8') });
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Runs `work` some times and returns the median of what it measured. */
export async function medianOf(times: number, work: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let at = 0; at < times; at += 1) values.push(await work());
  return median(values);
}
