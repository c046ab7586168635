import { isDeepStrictEqual } from 'node:util';
import { semver } from '../../../contracts/fields.ts';
import { parseBytes } from '../../../contracts/parse-text.ts';
import type { Finding } from '../finding.ts';
import { compareVersions } from './compare-versions.ts';

/** One persona file in the three places that matter. undefined: there is none. */
export interface PersonaVersions {
  readonly path: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
  /** As the base branch has it now; it may have moved on since the change began. */
  readonly atBase: Buffer | undefined;
}

interface Content {
  readonly version: string;
  readonly line: number | undefined;
  readonly rest: unknown;
}

/**
 * Holds a changed persona against its version: outcomes name the version, so one version is one content. Comments and
 * layout do not count. What does not read at all is the matter of the check of the tree. Pure.
 */
export function judgeVersion({ path, before, after, atBase }: PersonaVersions): Finding[] {
  if (after === undefined) return before === undefined ? [] : [deleted(path)];
  const [was, is, now] = [before, after, atBase].map(contentOf);
  if (is === undefined) return [];
  if (was !== undefined && !isDeepStrictEqual(was.rest, is.rest)) {
    const moved = compareVersions(is.version, was.version);
    if (moved < 0) return [lower(path, is, was.version)];
    if (moved === 0)
      return [wrong(path, is, `a version above ${was.version}`, 'the content changed and it the same')];
  }
  if (
    was !== undefined &&
    isDeepStrictEqual(was.rest, is.rest) &&
    compareVersions(is.version, was.version) < 0
  )
    return [wrong(path, is, `at least version ${was.version}`, `${is.version}, which is lower`)];
  return now === undefined ? [] : takenMeanwhile(path, is, was, now);
}

/** Most often the Revert button: it brings back all of the file, and records already name the version that went. */
function lower(path: string, is: Content, was: string): Finding {
  const finding = wrong(path, is, `a version above ${was}`, `${is.version}, which is lower`);
  const hint = `move the version above ${was}, in the same change. A revert brings the old version back with the old content: edit the file on the branch of the revert, or drop a recommendation that takes the advice back, whose patch moves the version by itself`;
  return { ...finding, hint };
}

/** Two changes may have chosen the same next version; git would merge that without a word. */
function takenMeanwhile(path: string, is: Content, was: Content | undefined, now: Content): Finding[] {
  const isOther = !isDeepStrictEqual(now.rest, is.rest) && !isDeepStrictEqual(was, now);
  const unchanged = was !== undefined && isDeepStrictEqual(was.rest, is.rest);
  if (!isOther || unchanged || compareVersions(is.version, now.version) > 0) return [];
  const found = `${is.version}; the base branch has come to ${now.version} with other content meanwhile`;
  return [wrong(path, is, `a version above ${now.version}`, found)];
}

function contentOf(bytes: Buffer | undefined): Content | undefined {
  const read = bytes === undefined ? undefined : parseBytes(bytes, '.yaml');
  if (read?.ok !== true || typeof read.data !== 'object' || read.data === null) return undefined;
  const { version, ...rest } = read.data as Record<string, unknown>;
  const parsed = semver.safeParse(version);
  return parsed.success ? { version: parsed.data, line: read.lineOf(['version']), rest } : undefined;
}

function wrong(path: string, { line }: Content, expected: string, found: string): Finding {
  return {
    path,
    ...(line === undefined ? {} : { line }),
    field: 'version',
    severity: 'error',
    rule: 'persona-version',
    message: `expected ${expected}, found ${found}`,
    hint: 'move the version up: a patch does so by itself, a person by hand (the minor number for new advice)',
  };
}

function deleted(path: string): Finding {
  return {
    path,
    severity: 'warning',
    rule: 'persona-deleted',
    message: 'expected the persona to stay, since records name it, found it deleted',
    hint: 'set active: false instead; a persona under a new name is a new persona',
  };
}
