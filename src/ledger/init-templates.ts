import { readdir } from 'node:fs/promises';
import { kindNames } from '../contracts/kinds.ts';
import { readGithubFiles } from './init/github-files.ts';
import { INBOX, PERSONAS, PROMPTS, SETTINGS_FILE } from './paths.ts';
import { parseSettings } from './read-settings.ts';
import { shippedFile } from './shipped-file.ts';

/** What `millwright init` lays down, by path. */
export interface InitTemplates {
  readonly workspace: ReadonlyMap<string, string>;
  /** Undefined without `github`. */
  readonly github: ReadonlyMap<string, string> | undefined;
}

/** Pages and the roster come from the package itself: what it ships is what a workspace starts with. */
export async function initTemplates(branch: string, github: boolean): Promise<InitTemplates> {
  const pages = ['queue/README.md', 'state/README.md', 'artifacts/README.md'];
  const shipped = await Promise.all(
    [...pages, ...(await filesOf(PROMPTS)), ...(await filesOf(PERSONAS))].map(
      async (path) => [path, await shippedFile(path)] as const,
    ),
  );
  const inboxes = kindNames().map((kind) => [`${INBOX}/${kind}/.gitkeep`, ''] as const);
  return {
    workspace: new Map([[SETTINGS_FILE, settingsText(branch, github)], ...shipped, ...inboxes]),
    github: github ? await readGithubFiles() : undefined,
  };
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(new URL(`../../${folder}/`, import.meta.url));
  return names.filter((name) => /\.(yaml|md)$/.test(name)).map((name) => `${folder}/${name}`);
}

/** Off until a person wants it: a report every week is a commit every week. */
const SCHEDULE_NOTE = `# schedules:
#   loop: "0 2 * * 0" # millwright loop by itself, Sundays at 2:00 UTC
`;

/** Whoever asks for workflows wants them to turn the loop. */
const ON_GITHUB = `forge: github
schedules:
  loop: "0 2 * * 0" # millwright loop by itself, Sundays at 2:00 UTC
`;

function settingsText(branch: string, github: boolean): string {
  // Quoted: a branch may be called 1.0 or true.
  const name = JSON.stringify(branch);
  const branches = branch === 'main' ? '' : `ledger_branch: ${name}\nbase_branch: ${name}\n`;
  const rest = github ? ON_GITHUB : SCHEDULE_NOTE;
  const text = `# Settings of this Millwright workspace. Every one has a default; state/README.md lists them all.\n${branches}${rest}`;
  parseSettings(Buffer.from(text));
  return text;
}
