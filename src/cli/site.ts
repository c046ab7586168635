import { resolve } from 'node:path';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { SiteBuilt } from '../runner/site/build-site.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const site: CommandDefinition = {
  name: 'site',
  summary: 'make a static site of the status and the reports',
  description:
    'Writes pages that need no server, no script and nothing from elsewhere: how things stand, proposals, effects, passes, the reports, and the same as status.json. For GitHub Pages or any other place. The same commit gives the same pages. Called again it brings its own folder up to date; a folder of somebody else is refused.',
  options: [
    { flags: '--out <folder>', text: 'where to; a folder that is not there yet, or a site made before' },
    { flags: '--force', text: 'also into a folder with other files, which stay' },
    { flags: '--data', text: 'with the whole history as Parquet files, in data/' },
  ],
  examples: ['millwright site --out _site', 'millwright site --out _site --data'],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) => {
    const { out } = options;
    if (typeof out !== 'string' || out === '')
      throw new MillwrightError('usage', 'expected --out', {
        hint: 'for example: millwright site --out _site',
      });
    return lookAtWorkspace(folder, io, async (context) => {
      const { buildSite } = await import('../runner/site/build-site.ts');
      const built = await buildSite(context, {
        out: resolve(io.cwd, out),
        force: options.force === true,
        data: options.data === true,
        env: io.env,
        signal: io.signal,
      });
      print(io, built, describe);
      return 0;
    });
  },
};

function describe({ out, files }: SiteBuilt): string {
  return `${files.length} ${files.length === 1 ? 'file' : 'files'} in ${out}\nopen ${out}/index.html`;
}
