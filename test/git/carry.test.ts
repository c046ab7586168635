import { describe, expect, test } from 'vitest';
import { type PathPlan, planPath } from '../../src/git/carry.ts';
import type { WorkFile } from '../../src/git/checkout-files.ts';
import type { FileVersion } from '../../src/git/file-changes.ts';
import type { Mode } from '../../src/git/tree.ts';

const version = (letter: string, mode: Mode = '100644'): FileVersion => ({ mode, oid: letter.repeat(40) });
const [none, old, next, mine] = [undefined, version('a'), version('b'), version('c')];
const linkTo = version('a', '120000');
const submodule = version('e', '160000');

type Row = [
  why: string,
  states: [
    before: FileVersion | undefined,
    after: FileVersion | undefined,
    index: FileVersion | undefined,
    work: WorkFile,
  ],
  index: boolean,
  file: PathPlan['file'],
  reason?: string,
];

const rows: Row[] = [
  ['a change is brought', [old, next, old, old], true, 'write'],
  ['a new file is brought', [none, next, none, none], true, 'write'],
  ['a removal is brought', [old, none, old, old], true, 'remove'],
  ['a change of mode is brought', [old, version('a', '100755'), old, old], true, 'write'],
  ['a link becomes a file with the same bytes', [linkTo, old, linkTo, linkTo], true, 'write'],
  ['a file becomes a link with the same bytes', [old, linkTo, old, old], true, 'write'],
  ['what is there already only needs the index', [old, next, old, next], true, 'keep'],
  ['what is gone already only needs the index', [old, none, old, none], true, 'keep'],
  ['an edit is kept', [old, next, old, mine], true, 'keep', 'edited'],
  [
    'a change of mode by the user is an edit',
    [old, next, old, version('a', '100755')],
    true,
    'keep',
    'edited',
  ],
  ['a link in place of the file is an edit', [old, next, old, linkTo], true, 'keep', 'edited'],
  ['a folder in place of the file is an edit', [old, next, old, 'other'], true, 'keep', 'edited'],
  ['an edit of a file that goes is kept', [old, none, old, mine], true, 'keep', 'edited'],
  ['a deletion is kept', [old, next, old, none], true, 'keep', 'deleted'],
  ['a file in the way is kept', [none, next, none, mine], true, 'keep', 'in the way'],
  ['a folder in the way is kept', [none, next, none, 'other'], true, 'keep', 'in the way'],
  ['staged content is kept', [old, next, mine, mine], false, 'keep', 'staged'],
  ['staged content is kept over an old file', [old, next, mine, old], false, 'keep', 'staged'],
  ['a staged removal is kept', [old, next, none, none], false, 'keep', 'staged'],
  ['a staged mode is kept', [old, next, version('a', '100755'), old], false, 'keep', 'staged'],
  ['a staged new file is kept', [none, next, mine, mine], false, 'keep', 'staged'],
  ['the same, staged by the user, is left', [old, next, next, next], false, 'keep'],
  ['the same, staged by the user, with another file is left', [old, next, next, mine], false, 'keep'],
  ['the same, staged by the user, with the old file is left', [old, next, next, old], false, 'keep'],
  ['a file that the user only took out of the index stays', [old, none, none, old], false, 'keep'],
  ['a sparse checkout gets the index alone', [old, next, old, 'not wanted'], true, 'keep'],
  [
    'a submodule that moves on is left to its owner',
    [submodule, version('f', '160000'), submodule, 'other'],
    true,
    'keep',
  ],
  ['a new submodule gets its folder', [none, submodule, none, none], true, 'write'],
  ['a removed submodule keeps its folder', [submodule, none, submodule, 'other'], true, 'keep'],
];

describe('the plan for one path', () => {
  test.each(rows)('%s.', (_, [before, after, index, work], toIndex, file, reason) => {
    const path = 'a/b.txt';
    const leftAlone = reason === undefined ? {} : { leftAlone: { path, reason } };
    expect(planPath({ path, before, after }, index, work)).toEqual({ index: toIndex, file, ...leftAlone });
  });

  test.each<Row>([
    ['the file is ours when the index was not yet swapped', [next, old, old, next], false, 'write'],
    ['a file that we brought goes again', [next, none, none, next], false, 'remove'],
    ['a file that we removed comes back', [none, old, old, none], false, 'write'],
    ['both come back when the index was swapped', [next, old, next, next], true, 'write'],
    ['what the user has edited meanwhile stays', [next, old, old, mine], false, 'keep'],
    ['what was never carried stays', [next, old, old, old], false, 'keep'],
    ['what is staged stays', [next, old, mine, next], false, 'keep', 'staged'],
  ])('on the way back: %s.', (_, [before, after, index, work], toIndex, file, reason) => {
    const plan = planPath({ path: 'x', before, after }, index, work, true);
    expect(plan).toMatchObject({ index: toIndex, file });
    expect(plan.leftAlone?.reason).toBe(reason);
  });

  test('never touches a file that is neither the old nor the new one.', () => {
    const versions = [none, old, next, mine, linkTo, version('a', '100755'), version('b', '100755')];
    for (const before of versions)
      for (const after of versions)
        for (const index of versions)
          for (const work of [...versions, 'other' as const]) {
            const theirs = work !== before && work !== after;
            for (const undo of [false, true]) {
              const plan = planPath({ path: 'x', before, after }, index, work, undo);
              if (theirs) expect(plan.file).toBe('keep');
              if (index !== before) expect(plan.index).toBe(false);
              if (plan.index && theirs) expect(plan.leftAlone).toBeDefined();
            }
          }
  });
});
