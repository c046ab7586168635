import { PERSONAS } from '../../../ledger/paths.ts';
import { type PersonaRead, readRoster } from '../../../personas/read-persona.ts';
import type { Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { issueFinding } from '../issue-finding.ts';

export interface RosterCheck {
  readonly findings: readonly Finding[];
  readonly roster: readonly PersonaRead[];
}

const ADVICE = 'the fields and rules are described in personas/README.md';

/** Holds every persona against its schema, its name and the rules of the roster. */
export async function checkPersonas({ snapshot, files }: Ground): Promise<RosterCheck> {
  const roster = await readRoster(snapshot, PERSONAS);
  const bad = roster.flatMap((read) =>
    read.ok ? [] : read.issues.map((issue) => issueFinding('persona', read.path, issue, ADVICE)),
  );
  const findings = [...bad, ...unseen(files), ...bulletsOfTwo(roster), ...nobodyActive(roster)];
  return { roster, findings };
}

/** What looks like a persona and lies where nobody reads it. */
function unseen(files: readonly string[]): Finding[] {
  const lost = files.filter((path) => {
    const below = path.startsWith(`${PERSONAS}/`) && /\.(?:ya?ml|json)$/i.test(path);
    return below && !/^personas\/[^/]+\.yaml$/.test(path);
  });
  const expected = 'a persona at personas/<id>.yaml';
  return lost.map((path) =>
    issueFinding(
      'persona',
      path,
      { field: '', expected, found: 'a file that nobody reads' },
      ADVICE,
      'warning',
    ),
  );
}

/** Records name bullets by their ids alone. */
function bulletsOfTwo(roster: readonly PersonaRead[]): Finding[] {
  const owners = new Map<string, string>();
  return roster.flatMap((read) => {
    if (!read.ok) return [];
    const { id: own, playbook } = read.file.persona;
    return playbook.flatMap(({ id }, at) => {
      const other = owners.get(id);
      owners.set(id, own);
      if (other === undefined || other === own) return [];
      const field = `playbook.${at}.id`;
      const issue = { field, expected: 'a bullet id of its own', found: `"${id}", which ${other} has too` };
      return [
        issueFinding(
          'persona',
          read.file.path,
          issue,
          'begin bullet ids with the id of the persona',
          'warning',
        ),
      ];
    });
  });
}

function nobodyActive(roster: readonly PersonaRead[]): Finding[] {
  if (roster.length === 0 || roster.some((read) => !read.ok || read.file.persona.active)) return [];
  const issue = { field: '', expected: 'at least one persona that is active', found: 'none' };
  return [issueFinding('persona', PERSONAS, issue, 'set active: true in one of them', 'warning')];
}
