import type { LlmCall } from '../contracts/llm-call.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace } from './with-workspace.ts';

export const llmOtel: CommandDefinition = {
  name: 'otel',
  summary: 'print recorded calls with the names of OpenTelemetry',
  description:
    'One line of JSON for each llm_call in the history: when, how long, and the attributes as the conventions for generative AI name them. Those names still change, so each line says of which version they are. With --json it is one value with all of them.',
  options: [{ flags: '--since <date>', text: 'only calls from this day or instant on, UTC' }],
  examples: ['millwright llm otel --since 2026-11-01 > spans.jsonl'],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) => {
    const since = options.since === undefined ? Number.NEGATIVE_INFINITY : instantOf(String(options.since));
    return lookAtWorkspace(folder, io, async ({ workspace }) => {
      const { otelAttributes, semconv_version } = await import('../llm/otel.ts');
      const { readEntries } = await import('../ledger/read-entries.ts');
      const { snapshot } = await workspace.log.tip();
      const calls = (await readEntries<LlmCall>(snapshot, 'llm_call')).map((call) => ({
        time: call.emitted_at ?? call.recorded_at,
        duration_ms: call.latency_ms,
        semconv_version,
        attributes: otelAttributes(call),
      }));
      const wanted = calls.filter(({ time }) => Date.parse(time) >= since);
      if (io.json) io.out(`${JSON.stringify(wanted)}\n`);
      else for (const call of wanted) await io.pipe(`${JSON.stringify(call)}\n`);
      return 0;
    });
  },
};

function instantOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new MillwrightError('usage', `expected a date for --since, found ${JSON.stringify(text)}`, {
    hint: 'for example --since 2026-11-01',
  });
}
