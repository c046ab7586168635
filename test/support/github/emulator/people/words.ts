import { setLabels } from '../routes/label-routes.ts';
import { addComment, addThread, note } from '../thread-state.ts';
import type { Thread, World } from '../world.ts';
import { type Act, ADA } from './act.ts';
import { threadOf } from './find.ts';

export function wordsOf(world: World, act: Act) {
  const edit = (number: number, change: (thread: Thread) => void): Promise<void> =>
    act(ADA, () => {
      const thread = threadOf(world, number);
      change(thread);
      thread.updatedAt = world.stamp();
    });
  return {
    editBody: (number: number, body: string) =>
      edit(number, (thread) => {
        thread.body = body.replace(/\r?\n/g, '\r\n');
      }),
    editTitle: (number: number, title: string) =>
      edit(number, (thread) => {
        note(world, thread, 'renamed', ADA, { data: { rename: { from: thread.title, to: title } } });
        thread.title = title;
      }),
    comment: (number: number, text: string, who = ADA) =>
      act(who, () => void addComment(world, threadOf(world, number), text, who)),
    setLabels: (number: number, names: readonly string[]) =>
      edit(number, (thread) => setLabels(world, thread, names, ADA)),
    tick: (number: number, text: string) => act(ADA, () => tick(world, threadOf(world, number), text)),
    openIssue: (title: string, body: string, who = ADA) =>
      act(who, () => addThread(world, { title, body, user: who }).number),
  };
}

function tick(world: World, thread: Thread, text: string): number {
  let ticked = 0;
  const lines = (thread.body ?? '').split('\n').map((line) => {
    if (!line.includes(text) || !line.includes('- [ ] ')) return line;
    ticked += 1;
    return line.replace('- [ ] ', '- [x] ');
  });
  thread.body = lines.join('\n');
  if (ticked > 0) thread.updatedAt = world.stamp();
  return ticked;
}
