import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string | boolean;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly if?: string | boolean;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, unknown>> };
  readonly env?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  readonly 'timeout-minutes'?: number;
  readonly concurrency?: unknown;
}

export interface WorkflowFile {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group?: string; readonly 'cancel-in-progress'?: unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const top = fileURLToPath(new URL('../../../', import.meta.url));

export const workflowNames = ['ci', 'loop', 'pages', 'reconcile', 'validate', 'worker'] as const;
export const ACTION_PATH = '.github/actions/millwright/action.yml';

export function workflowPath(name: string): string {
  return `.github/workflows/${name}.yml`;
}

/** A file of this repository, as text. */
export function ownFile(path: string): Promise<string> {
  return readFile(top + path, 'utf8');
}

export function parseWorkflowFile(text: string): WorkflowFile {
  return parse(text) as WorkflowFile;
}

export function parseCompositeAction(text: string): CompositeAction {
  return parse(text) as CompositeAction;
}
