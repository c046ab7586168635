import type { Status } from '../runner/read-status.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const status: CommandDefinition = {
  name: 'status',
  summary: 'say how things stand, and what waits for whom',
  description:
    'Counts records, rejected contracts and recommendations, names every proposal with its typed result, and says what waits for whom and why. Reads only.',
  examples: ['millwright status', 'millwright status --json'],
  exits: ['10 no workspace here', '12 credentials missing or refused'],
  run: async ({ folder }, io) =>
    lookAtWorkspace(folder, io, async (context) => {
      const { readStatus } = await import('../runner/read-status.ts');
      print(io, await readStatus(context), describe);
      return 0;
    }),
};

function describe(now: Status): string {
  const pairs = (counts: Readonly<Record<string, number | undefined>>) =>
    Object.entries(counts)
      .filter(([, n]) => n !== 0)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ') || 'none';
  const { used, limit, waiting } = now.pushes;
  return [
    `workspace        ${now.workspace}`,
    `ledger           ${now.ledger.branch} at ${now.ledger.commit?.slice(0, 10) ?? 'no commit yet'}${now.remote === null ? ', no remote' : `, shared through ${now.remote}`}`,
    `records          ${pairs(now.records)}`,
    `inbox            ${now.inbox} waiting, ${now.rejected} rejected`,
    `queue            ${pairs(now.queue)}`,
    `recommendations  ${pairs(now.recommendations)}`,
    ...now.schedules.map(
      ({ schedule, next_due_at: next, problem, last }) =>
        `schedule         ${schedule}: ${problem ?? `next ${next ?? 'never'}`}${describeLast(last)}`,
    ),
    ...(now.auto_apply.total === 0
      ? []
      : [`auto-apply       ${now.auto_apply.last_24_h} in 24 hours, ${now.auto_apply.total} ever`]),
    `last pass        ${now.last_pass === null ? 'none yet' : `${now.last_pass.at}, ${now.last_pass.duration_ms} ms`}`,
    `last analysis    ${now.last_analysis === null ? 'none yet' : `${now.last_analysis.at}, ${now.last_analysis.findings} findings`}`,
    `pushes           ${limit === null ? 'no limit' : `${used} of ${limit} in the last minute, ${waiting} waiting`}`,
    ...(now.proposals.length === 0
      ? [`proposals        ${now.forge_problem === null ? 'none' : 'unknown, the forge did not answer'}`]
      : ['proposals', ...now.proposals.map(({ proposal_id: id, result }) => `  ${result.padEnd(16)} ${id}`)]),
    ...(now.waits.length === 0
      ? ['nothing waits']
      : [
          'waits',
          ...now.waits.flatMap(({ what, who, why, hint }) => [
            `  ${what}: waits for ${who}, because ${why}`,
            `    hint: ${hint}`,
          ]),
        ]),
  ].join('\n');
}

function describeLast(last: Status['schedules'][number]['last']): string {
  if (last === null) return '';
  return last.state === 'begun' ? `, begins after ${last.due_at}` : `, last ${last.due_at} ${last.state}`;
}
