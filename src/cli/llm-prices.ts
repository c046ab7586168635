import type { LlmPrice } from '../contracts/llm-settings.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

type Row = LlmPrice & { readonly from: 'millwright.yaml' | 'shipped' };

export const llmPrices: CommandDefinition = {
  name: 'prices',
  summary: 'list the prices that costs are computed with',
  description:
    'USD per million tokens, from which day on, and up to which length of a prompt. Rows of llm.prices in millwright.yaml go before the shipped ones. A model that is in no row has no price: its cost is recorded as not known.',
  examples: ['millwright llm prices', 'millwright llm prices --json'],
  exits: ['10 no workspace here'],
  run: async ({ folder }, io) =>
    lookAtWorkspace(folder, io, async ({ workspace }) => {
      const { priceTable } = await import('../llm/prices/price-table.ts');
      const [own = [], shipped = []] = priceTable(workspace.settings);
      const rows: Row[] = [
        ...own.map((price) => ({ ...price, from: 'millwright.yaml' }) as const),
        ...shipped.map((price) => ({ ...price, from: 'shipped' }) as const),
      ];
      print(io, rows, describe);
      return 0;
    }),
};

function describe(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.model,
    row.effective_from.slice(0, 10),
    row.prompt_tokens_max === undefined ? '' : `<= ${row.prompt_tokens_max}`,
    ...[row.input, row.output, row.cache_write_5m, row.cache_write_1h, row.cache_read].map(String),
    `${row.batch_factor}x`,
    row.from,
  ]);
  const table = [
    ['model', 'since', 'prompt', 'in', 'out', 'write 5m', 'write 1h', 'read', 'batch', 'from'],
    ...cells,
  ];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
