import { oneLine } from '../contracts/issue.ts';
import type { Bullet, Persona } from '../contracts/persona.ts';

/**
 * A persona as a model is told who it is: plain text, the same for the same persona. Every value is on one line,
 * so that nothing in it starts a heading or a fence; nothing in it is ever read as a template.
 */
export function renderPersona(persona: Persona): string {
  const { name, role, identity, voice, frameworks, case_studies: studies, playbook } = persona;
  return [
    `You are ${said(name)}: ${said(role)}`,
    said(identity.summary),
    `Your mission: ${said(identity.mission)}`,
    list('Your strengths', identity.strengths.map(said)),
    list('Your limits', identity.limits.map(said)),
    list('Your tone', voice.tone.map(said)),
    list('Do', voice.do.map(said)),
    list('Avoid', voice.avoid.map(said)),
    list('How you work', frameworks.map(framework)),
    list('Cases', studies.map(caseStudy)),
    list('What experience says', playbook.map(bulletLine)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function list(label: string, items: readonly string[]): string {
  return items.length === 0 ? '' : [`${label}:`, ...items.map((item) => `- ${item}`)].join('\n');
}

function framework({ name, when, steps }: Persona['frameworks'][number]): string {
  const numbered = steps.map((step, at) => `${at + 1}. ${said(step)}`);
  return `${said(name)} (when ${said(when)}): ${numbered.join('; ')}`;
}

function caseStudy({
  title,
  situation,
  action,
  result,
  illustration,
}: Persona['case_studies'][number]): string {
  const sort = illustration ? ' (made up)' : '';
  return `${said(title)}${sort}: ${[situation, action, result].map(said).join(' ')}`;
}

/** With its id, so that an agent can say which bullets helped and which misled. */
function bulletLine({ id, text }: Bullet): string {
  return `[${id}] ${said(text)}`;
}

function said(text: string): string {
  return oneLine(text)
    .replaceAll(/`{3,}|~{3,}/g, "'''")
    .trim();
}
