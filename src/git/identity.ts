import { MillwrightError } from '../contracts/millwright-error.ts';
import { git } from './program.ts';

/** Who the person at this checkout is, as git knows it. Throws `no-identity`. */
export async function gitIdentity(root: string): Promise<string> {
  const [name, email] = await Promise.all(
    ['user.name', 'user.email'].map((key) => git(['config', '--get', key], { cwd: root })),
  );
  const who = name?.stdout.toString('utf8').trim() ?? '';
  const address = email?.stdout.toString('utf8').trim() ?? '';
  if (who !== '' && address !== '') return `${who} <${address}>`;
  throw new MillwrightError(
    'no-identity',
    'git does not know who you are: user.name and user.email are not set',
    {
      hint: 'set them with git config, or add --by "Name <address>"',
    },
  );
}
