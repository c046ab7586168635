import { basename, extname } from 'node:path';
import { checkContract } from '../contracts/check-contract.ts';
import { closest } from '../contracts/closest.ts';
import { type Issue, showValue } from '../contracts/issue.ts';
import { findKind, kindNames } from '../contracts/kinds.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import type { Contract } from '../contracts/record.ts';
import { type InboxFile, placeInInbox } from './inbox-file.ts';
import { INBOX } from './paths.ts';

export type Judgement =
  | { readonly ok: true; readonly contract: Contract }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Says whether a file of the inbox is a valid contract. Reads it only when its place and size are right. */
export async function judgeFile(file: InboxFile, limit: number): Promise<Judgement> {
  const placed = placeOf(file.path);
  const problem = placeIssue(placed) ?? shapeIssue(file, limit);
  if (problem !== undefined) return { ok: false, issues: [problem] };
  return judgeBytes(await file.read(), placed.parts[0] ?? '', placed.name, `inbox/${placed.parts.join('/')}`);
}

/** @param source where the contract comes from, for the record's `source` */
export function judgeBytes(bytes: Uint8Array, kindName: string, fileName: string, source: string): Judgement {
  const kind = findKind(kindName);
  if (kind === undefined) return { ok: false, issues: [unknownKind(kindName)] };
  const extension = extname(fileName).toLowerCase();
  const read = parseBytes(bytes, extension);
  if (!read.ok) return read;
  const checked = checkContract(kind, read, { id: basename(fileName, extname(fileName)), source });
  return checked.ok ? checked : { ok: false, issues: checked.issues };
}

interface Placed {
  /** Path below the inbox, in parts. */
  readonly parts: readonly string[];
  readonly name: string;
}

function placeOf(path: string): Placed {
  const parts = placeInInbox(path);
  return { parts, name: parts.at(-1) ?? '' };
}

function placeIssue({ parts }: Placed): Issue | undefined {
  if (parts.length === 2) return undefined;
  const found = parts.length < 2 ? 'a file outside any kind' : `a file ${parts.length - 1} folders deep`;
  return {
    field: '',
    expected: `a file at ${INBOX}/<kind>/<name>`,
    found,
    hint: `the kinds are ${kindNames().join(', ')}`,
  };
}

function shapeIssue(file: InboxFile, limit: number): Issue | undefined {
  if (file.shape !== 'file')
    return { field: '', expected: 'a regular file', found: `a ${file.shape}`, hint: 'drop the file itself' };
  return file.bytes > limit ? tooBig(file.bytes, limit) : undefined;
}

export function tooBig(bytes: number, limit: number): Issue {
  return {
    field: '',
    expected: `at most ${limit} bytes`,
    found: `${bytes} bytes`,
    hint: 'the limit is limits.contract_bytes in millwright.yaml',
    keepOut: 'size',
  };
}

function unknownKind(kindName: string): Issue {
  const meant = closest(kindName, kindNames());
  const hint = meant === undefined ? undefined : `did you mean "${meant}"?`;
  return {
    field: 'kind',
    expected: `one of ${kindNames().join(', ')}`,
    found: showValue(kindName),
    ...(hint === undefined ? {} : { hint }),
  };
}
