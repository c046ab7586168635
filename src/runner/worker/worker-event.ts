/** What a worker daemon says, one line each. */
export interface WorkerEvent {
  readonly at: string;
  readonly event:
    | 'started'
    | 'cleaned'
    | 'claimed'
    | 'phase'
    | 'renewed'
    | 'lost'
    | 'shipped'
    | 'failed'
    | 'released'
    | 'cancelled'
    | 'dead'
    | 'late'
    | 'trouble'
    | 'waiting'
    | 'draining'
    | 'stopped';
  readonly worker_id: string;
  readonly slot_id?: string;
  readonly token?: number;
  readonly phase?: string;
  readonly detail?: string;
  readonly branch_name?: string;
  readonly commit_hash?: string;
}
