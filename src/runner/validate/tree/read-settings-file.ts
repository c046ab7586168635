import type { Issue } from '../../../contracts/issue.ts';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import { parseBytes } from '../../../contracts/parse-text.ts';
import type { FieldPath } from '../../../contracts/parsed.ts';
import { type Settings, settings as schema } from '../../../contracts/settings.ts';
import { SETTINGS_FILE } from '../../../ledger/paths.ts';
import { parseSettings } from '../../../ledger/read-settings.ts';
import type { Finding } from '../finding.ts';
import { issueFinding } from '../issue-finding.ts';
import { issuesOf } from '../issues-of.ts';
import { readDiskFile } from './read-disk-file.ts';

export interface SettingsRead {
  /** The defaults where the file cannot be read, so that the other checks still say something. */
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  settingLine(path: FieldPath): number | undefined;
}

const LIMIT_BYTES = 1_000_000;

/** Reads `millwright.yaml` as it lies on the disk. Throws `no-workspace` when there is none. */
export async function readSettingsFile(root: string): Promise<SettingsRead> {
  const file = await readDiskFile(root, SETTINGS_FILE, LIMIT_BYTES);
  if (file.shape === 'gone') throw noSettings(root);
  if (file.shape !== 'file') {
    const found = file.shape === 'too-big' ? `${file.bytes} bytes` : `one that is a ${file.shape}`;
    return unread([{ field: '', expected: `a regular file of at most ${LIMIT_BYTES} bytes`, found }]);
  }
  try {
    const settings = parseSettings(file.content);
    const read = parseBytes(file.content, '.yaml');
    const settingLine = (path: FieldPath) => (read.ok ? read.lineOf(path) : undefined);
    return { settings, findings: [], settingLine };
  } catch (error) {
    return unread(issuesOf(error));
  }
}

function unread(issues: readonly Issue[]): SettingsRead {
  const advice = 'the settings are described in state/README.md';
  const findings = issues.map((issue) => issueFinding('settings', SETTINGS_FILE, issue, advice));
  return { settings: schema.parse({}), findings, settingLine: () => undefined };
}

function noSettings(root: string): MillwrightError {
  const message = `${root} is not a Millwright workspace: it has no ${SETTINGS_FILE}`;
  return new MillwrightError('no-workspace', message, {
    hint: 'run "millwright init" there, or name the folder with --workspace',
    data: { root },
  });
}
