/** Personas by number, small enough to be read and written hundreds of times. */
export function personaName(at: number): string {
  return `worker-${String(at).padStart(2, '0')}`;
}

export function smallPersona(id: string): string {
  return `# A worker of the scenario.
id: ${id}
name: ${id}
version: 1.0.0
team: engineering
active: true
role: Does what the scenario asks of it.
tier: sub
identity:
  summary: It is small.
  mission: Be changed often, and never lose a comment.
  strengths: [ patience ]
  limits: [ everything else ]
voice: { tone: [ plain ], do: [ ], avoid: [ ] }
frameworks: [ ]
case_studies: [ ]
playbook:
  # Kept by hand.
  - id: first-rule
    section: Before
    text: Look before anything is changed.
    helpful: 0
    harmful: 0
    added_in: 1.0.0
    evidence: []
routing:
  default: gpt-5-mini
  domains: {}
`;
}
