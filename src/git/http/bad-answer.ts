import { MillwrightError } from '../../contracts/millwright-error.ts';
import { maskSecrets } from '../../contracts/secrets.ts';

/** Some other program answered, or the answer is cut short. The error shows how it begins. */
export function badAnswer(expected: string, found: Uint8Array | string): MillwrightError {
  const text = typeof found === 'string' ? found : Buffer.from(found).toString('latin1', 0, 80);
  const shown = JSON.stringify(maskSecrets(text.slice(0, 80)));
  return new MillwrightError('remote-failed', `expected ${expected} from the remote, found ${shown}`, {
    hint: 'run "git ls-remote" in this folder to see what git makes of the address',
    retry: 'back-off',
  });
}
