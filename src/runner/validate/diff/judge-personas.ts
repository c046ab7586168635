import type { Finding } from '../finding.ts';
import type { DiffGround } from './diff-ground.ts';
import { judgeVersion } from './judge-version.ts';

const LIMIT_BYTES = 1_000_000;

/** Holds every persona that the change touches against its version. */
export async function judgePersonas({ changes, atBase, atFork, atHead }: DiffGround): Promise<Finding[]> {
  const touched = changes.filter(({ path }) => /^personas\/[^/]+\.yaml$/.test(path));
  const findings: Finding[] = [];
  for (const { path } of touched) {
    const [before, after, now] = await Promise.all([atFork, atHead, atBase].map((at) => at.bytes(path)));
    // The check of the tree says that it is too big.
    if ([before, after, now].some((bytes) => (bytes?.length ?? 0) > LIMIT_BYTES)) continue;
    findings.push(...judgeVersion({ path, before, after, atBase: now }));
  }
  return findings;
}
