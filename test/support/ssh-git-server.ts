import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outputOf } from './run-process.ts';

export interface SshGitServer extends AsyncDisposable {
  readonly port: number;
  /** For git's environment: the ssh client with the right key and none of the user's settings. */
  readonly env: { readonly GIT_SSH_COMMAND: string };
  /** The URL of a repository on this machine, given its absolute path. */
  url(repositoryDir: string): string;
  /** Ends the server and removes its keys. May be called twice. */
  stop(): Promise<void>;
}

interface Daemon {
  process: ChildProcess;
  port: number;
  errorText: string;
}

const startWithinMs = 10_000;
const portAttempts = 5;

/**
 * Starts an sshd of its own on a free loopback port, open to the current user with one fresh key.
 * Rejects with a clear message when sshd, ssh or ssh-keygen is missing, or when sshd does not come up.
 */
export async function sshGitServer(): Promise<SshGitServer> {
  const [sshd, keygen] = await Promise.all(['sshd', 'ssh-keygen', 'ssh'].map(findProgram));
  const dir = await mkdtemp(join(tmpdir(), 'millwright-sshd-'));
  const removeDir = () => rm(dir, { recursive: true, force: true });
  try {
    await makeKeys(String(keygen), dir);
    await writeFile(join(dir, 'sshd_config'), serverConfig(dir));
    const daemon = await startOnFreePort(String(sshd), dir);
    return serverOf(daemon, dir, removeDir);
  } catch (error) {
    await removeDir();
    throw error;
  }
}

/** sshd must be started by its absolute path, and is often outside the PATH of ordinary users. */
async function findProgram(name: string): Promise<string> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const folder of folders.filter((one) => one.startsWith('/'))) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`${name} is missing: install the OpenSSH client and server to run the ssh tests.`);
}

async function makeKeys(keygen: string, dir: string): Promise<void> {
  for (const name of ['host_key', 'client_key']) {
    const args = ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(dir, name)];
    await outputOf(keygen, args, { env: { PATH: process.env.PATH, HOME: dir } });
  }
  await copyFile(join(dir, 'client_key.pub'), join(dir, 'authorized_keys'));
}

function serverConfig(dir: string): string {
  return `
ListenAddress 127.0.0.1
HostKey "${join(dir, 'host_key')}"
AuthorizedKeysFile "${join(dir, 'authorized_keys')}"
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
PidFile none
MaxStartups 200
SetEnv "PATH=${process.env.PATH}" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
`;
}

/** sshd cannot pick a port itself, so another program may take the one found here: then the next is tried. */
async function startOnFreePort(sshd: string, dir: string): Promise<Daemon> {
  // Only an sshd of root drops its privileges, and it wants this empty folder for that.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const daemon = startDaemon(sshd, dir, await freePort());
    if (await comesUp(daemon)) return daemon;
    await endDaemon(daemon);
    if (attempt < portAttempts && daemon.errorText.includes('already in use')) continue;
    throw new Error(`sshd did not come up on port ${daemon.port}: ${daemon.errorText.trim()}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function startDaemon(sshd: string, dir: string, port: number): Daemon {
  const args = ['-D', '-e', '-f', join(dir, 'sshd_config'), '-p', String(port)];
  const child = spawn(sshd, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const daemon: Daemon = { process: child, port, errorText: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    daemon.errorText += text;
  });
  child.on('error', (error) => {
    daemon.errorText += error.message;
  });
  return daemon;
}

async function comesUp(daemon: Daemon): Promise<boolean> {
  const giveUpAt = Date.now() + startWithinMs;
  while (isRunning(daemon) && Date.now() < giveUpAt) {
    if (await greets(daemon.port)) return isRunning(daemon);
    await sleep(20);
  }
  return false;
}

function isRunning({ process: child }: Daemon): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** True when the port answers with the greeting of an ssh server. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => settle(data.toString('latin1').startsWith('SSH-')));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => settle(false));
  });
}

function serverOf(daemon: Daemon, dir: string, removeDir: () => Promise<void>): SshGitServer {
  const killAtExit = () => daemon.process.kill();
  process.once('exit', killAtExit);
  const stop = async () => {
    process.off('exit', killAtExit);
    await endDaemon(daemon);
    await removeDir();
  };
  return {
    port: daemon.port,
    env: { GIT_SSH_COMMAND: clientCommand(join(dir, 'client_key')) },
    url: (path) =>
      `ssh://${encodeURIComponent(userInfo().username)}@127.0.0.1:${daemon.port}${encodeURI(path)}`,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function endDaemon(daemon: Daemon): Promise<void> {
  if (!isRunning(daemon)) return;
  const ended = once(daemon.process, 'exit');
  daemon.process.kill();
  await ended;
}

/** git hands this to a shell, so the path of the key is quoted for one. */
function clientCommand(keyFile: string): string {
  const options = [
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
  ];
  const quotedKey = `'${keyFile.replaceAll("'", "'\\''")}'`;
  return `ssh -i ${quotedKey} -F /dev/null ${options.map((option) => `-o ${option}`).join(' ')}`;
}
