import { MillwrightError } from '../contracts/millwright-error.ts';
import { dropContract } from '../ledger/drop.ts';
import type { CommandDefinition } from './command.ts';
import { whenTaken } from './when-taken.ts';
import { print, withWorkspace } from './with-workspace.ts';

export const thought: CommandDefinition = {
  name: 'thought',
  summary: 'turn a wish into work: five variants for agents to claim',
  description:
    'Drops a thought into the inbox. The next pass records it and puts one slot for each of the five variants into the queue, each with its own direction, prompt, persona and branch. A markdown file with front matter in queue/inbox/thought/ does the same. What --push sends starts no workflow on GitHub: the next pass takes it in, and a repository_dispatch of type millwright starts one at once.',
  args: [{ name: '<text>', text: 'what is wanted, in plain words' }],
  options: [
    { flags: '--category <name>', text: 'what sort of thing it is about' },
    { flags: '--constitution <path>', text: 'rules that the work must follow, as a path in the repository' },
    { flags: '--priority <number>', text: 'higher goes first; default 0' },
    { flags: '--model <name>', text: 'the model to use; default: the route of the persona' },
    { flags: '--id <id>', text: 'an id of your own; the same id with the same text is taken in once' },
    { flags: '--push', text: 'send it to the remote, from a machine that runs no passes' },
  ],
  examples: [
    'millwright thought "a scroll beat that feels like breathing" --category scroll-beats',
    'millwright thought "a darker header" --priority 5 --push',
  ],
  exits: ['10 no workspace here'],
  run: async ({ args, options, folder }, io) =>
    withWorkspace(folder, io, async ({ workspace }) => {
      const fields = fieldsOf(args[0] ?? '', options);
      const bytes = Buffer.from(`${JSON.stringify(fields, null, 2)}\n`);
      const push = options.push === true;
      const dropped = await dropContract(workspace, { file: 'thought.json', bytes, kind: 'thought', push });
      print(io, { thought_id: dropped.id, ...dropped }, ({ thought_id: id, path }) =>
        dropped.place === 'cell'
          ? `thought ${id} was sent; the next pass queues its variants${whenTaken(workspace.settings)}`
          : `thought ${id} waits at ${path}; the next pass ("millwright run --once") queues its variants`,
      );
      return 0;
    }),
};

function fieldsOf(text: string, options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = {
    thought_id: options.id,
    text,
    category: options.category,
    constitution_path: options.constitution,
    priority: options.priority === undefined ? undefined : wholeNumber(String(options.priority)),
    model: options.model,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function wholeNumber(text: string): number {
  if (/^-?\d{1,4}$/.test(text)) return Number(text);
  throw new MillwrightError(
    'usage',
    `expected a whole number for --priority, found ${JSON.stringify(text)}`,
    {
      hint: 'for example --priority 5',
    },
  );
}
