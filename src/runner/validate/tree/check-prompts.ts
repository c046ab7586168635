import { basename } from 'node:path';
import { MillwrightError } from '../../../contracts/millwright-error.ts';
import type { Snapshot } from '../../../git/snapshot.ts';
import { PERSONAS, PROMPTS } from '../../../ledger/paths.ts';
import type { PersonaRead } from '../../../personas/read-persona.ts';
import { checkTemplate } from '../../../prompts/check-template.ts';
import { type PromptFile, readPromptFile } from '../../../prompts/prompt-file.ts';
import { CONSTITUTION, renderPrompt } from '../../../prompts/render-prompt.ts';
import { renderTemplate } from '../../../prompts/render-template.ts';
import { loadTemplateEngine } from '../../../prompts/template-engine.ts';
import type { Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { issueFinding } from '../issue-finding.ts';
import { issuesOf } from '../issues-of.ts';
import { sampleVariables } from './sample-variables.ts';

export interface PromptCheck {
  readonly findings: readonly Finding[];
  readonly count: number;
}

const ADVICE = 'prompts/README.md says what a prompt may hold';

/** Reads every prompt, fills it with samples, and looks whether the constitution opens what comes out. */
export async function checkPrompts(ground: Ground, roster: readonly PersonaRead[]): Promise<PromptCheck> {
  const { snapshot } = ground;
  const opening = await snapshot.bytes(CONSTITUTION);
  if (opening === undefined || opening.toString('utf8').trim() === '') {
    const issue = {
      field: '',
      expected: 'the constitution, which opens every prompt',
      found: 'no text there',
    };
    return { findings: [constitutionFinding(CONSTITUTION, issue)], count: 0 };
  }
  const paths = (await snapshot.list(PROMPTS))
    .map(({ name }) => `${PROMPTS}/${name}`)
    .filter((path) => path.endsWith('.md') && path !== CONSTITUTION && path !== `${PROMPTS}/README.md`);
  const findings: Finding[] = [];
  for (const path of paths) findings.push(...(await checkPrompt(snapshot, path, opening, roster)));
  return { findings, count: paths.length };
}

function constitutionFinding(
  path: string,
  issue: { field: string; expected: string; found: string },
): Finding {
  return issueFinding('constitution', path, issue, `put ${CONSTITUTION} back as the base branch has it`);
}

async function checkPrompt(
  snapshot: Snapshot,
  path: string,
  opening: Buffer,
  roster: readonly PersonaRead[],
): Promise<Finding[]> {
  try {
    const file = readPromptFile(path, (await snapshot.bytes(path)) ?? Buffer.alloc(0));
    const broken = await templateFindings(file);
    const rendered = broken.length > 0 ? [] : await renderedFindings(snapshot, file, opening);
    return [...broken, ...rendered, ...unknownPersona(file, roster)];
  } catch (error) {
    return issuesOf(error).map((issue) => issueFinding('prompt', path, issue, ADVICE));
  }
}

/** Without the engine's words for it, a template that does not parse is read again by whoever words it. */
async function templateFindings(file: PromptFile): Promise<Finding[]> {
  const engine = await loadTemplateEngine();
  try {
    const issues = checkTemplate(engine.parse(file.body), file, engine.filterNames);
    return issues.map((issue) => issueFinding('prompt', file.path, issue, ADVICE));
  } catch {
    await renderTemplate(file, {});
    return [];
  }
}

async function renderedFindings(snapshot: Snapshot, file: PromptFile, opening: Buffer): Promise<Finding[]> {
  const engine = await loadTemplateEngine();
  const { variables, optional } = file.head;
  const samples = sampleVariables(engine.parse(file.body), [...variables, ...optional]);
  try {
    const { text } = await renderPrompt(snapshot, basename(file.path, '.md'), samples);
    if (text.startsWith(opening.toString('utf8'))) return [];
    const issue = {
      field: '',
      expected: 'the constitution, byte for byte, at the start',
      found: 'another start',
    };
    return [constitutionFinding(file.path, issue)];
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    const isConstitution = error.data.path === CONSTITUTION;
    if (isConstitution) return issuesOf(error).map((issue) => constitutionFinding(CONSTITUTION, issue));
    return sampleFailed(file.path, error);
  }
}

/** Samples are guessed: a template that none of them fits may still be right. */
function sampleFailed(path: string, error: MillwrightError): Finding[] {
  const hint = `filled with sample values it fails; ${ADVICE}`;
  const issues = Array.isArray(error.data.issues) ? issuesOf(error) : [];
  if (issues.length > 0) return issues.map((issue) => issueFinding('prompt', path, issue, hint, 'warning'));
  const issue = { field: '', expected: 'a name of lower case words joined by "-"', found: 'another' };
  return [issueFinding('prompt', path, issue, ADVICE)];
}

function unknownPersona({ path, head }: PromptFile, roster: readonly PersonaRead[]): Finding[] {
  const { persona: id } = head;
  const known = roster.some((read) => read.ok && read.file.persona.id === id);
  // A persona that does not read is named already.
  const unread = roster.some((read) => !read.ok && read.path === `${PERSONAS}/${id}.yaml`);
  if (id === undefined || known || unread) return [];
  const issue = { field: 'persona', expected: 'a persona of the roster', found: JSON.stringify(id) };
  return [issueFinding('prompt', path, issue, `add ${PERSONAS}/${id}.yaml, or name another persona`)];
}
