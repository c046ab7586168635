import { describe, expect, test } from 'vitest';
import { mustRead, shippedNames, shippedText } from './shipped-personas.ts';

const personas = shippedNames.map((name) => mustRead(`personas/${name}`, shippedText(name)).persona);
const idsOf = (team: string) => personas.filter((persona) => persona.team === team).map(({ id }) => id);

/** Rows of the table under "Roster" in personas/README.md: id, link, team, role. */
function roster(): { id: string; link: string; team: string; role: string }[] {
  const page = shippedText('README.md').split('## Roster')[1] ?? '';
  return [...page.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \| (\S+) \| (.+) \|$/gm)].map((match) => ({
    id: match[1] ?? '',
    link: match[2] ?? '',
    team: match[3] ?? '',
    role: match[4] ?? '',
  }));
}

describe('the personas that are shipped', () => {
  test.each(shippedNames)('include %s, which fits the schema and is named as its id.', (name) => {
    const { persona } = mustRead(`personas/${name}`, shippedText(name));
    expect(`${persona.id}.yaml`).toBe(name);
    expect(persona.active).toBe(true);
  });

  test('are the solver, the two that serve the loop, six engineers and ten marketers.', () => {
    expect(idsOf('core').sort()).toEqual(['sky-lynx', 'upgrader']);
    expect(idsOf('engineering').filter((id) => id !== 'solver')).toHaveLength(6);
    expect(idsOf('engineering')).toContain('solver');
    expect(idsOf('marketing')).toHaveLength(10);
    expect(personas).toHaveLength(19);
  });

  test('stand in the table of personas/README.md with their team and role, and nobody else does.', () => {
    const rows = roster();
    expect(rows).toHaveLength(personas.length);
    for (const persona of personas) {
      const { id, team, role } = persona;
      expect(rows.find((row) => row.id === id)).toEqual({ id, link: `${id}.yaml`, team, role });
    }
  });

  test('have bullets of their own: no id is used by two personas.', () => {
    const ids = personas.flatMap(({ playbook }) => playbook.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(personas.length);
  });

  test('start without votes, evidence and measured routes: nothing is claimed that was not recorded.', () => {
    for (const { playbook, routing, case_studies: studies } of personas) {
      expect(
        playbook.every(({ helpful, harmful, evidence }) => helpful + harmful + evidence.length === 0),
      ).toBe(true);
      expect(routing.domains).toEqual({});
      expect(studies.every(({ illustration }) => illustration)).toBe(true);
    }
  });
});
