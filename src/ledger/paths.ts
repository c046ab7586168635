/** Where things lie in a workspace. Design section 2. */
export const SETTINGS_FILE = 'millwright.yaml';
export const INBOX = 'queue/inbox';
export const REJECTED = 'queue/rejected';
export const PROPOSALS = 'queue/proposals';
export const PERSONAS = 'personas';
export const PROMPTS = 'prompts';
/** Git-ignored projections: all of it can be deleted. */
export const CACHE = '.millwright';

export function stateFolder(kindName: string): string {
  return `state/${kindName}`;
}

export function segmentPath(kindName: string, month: string, number: number): string {
  return `${stateFolder(kindName)}/${month}/${String(number).padStart(4, '0')}.jsonl`;
}

export function personaPath(personaId: string): string {
  return `${PERSONAS}/${personaId}.yaml`;
}

export function proposalPath(proposalId: string): string {
  return `${PROPOSALS}/${proposalId}.md`;
}
