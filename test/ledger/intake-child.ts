/* One intake in a process of its own; prints what it did and by how many bytes its memory grew at most. */
import { takeAll } from './ledger-folder.ts';

const [root = ''] = process.argv.slice(2);
const before = process.memoryUsage.rss();
let most = before;
// Looked at often: the system's own figure for the peak counts the parent process in.
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 1);
const { rejected } = await takeAll(root);
clearInterval(watch);
process.stdout.write(JSON.stringify({ rejected, grown: Math.max(most, process.memoryUsage.rss()) - before }));
