import { analysisController } from '../feedback/analysis-controller.ts';
import { proposalController } from '../feedback/proposal-controller.ts';
import { upgradeController } from '../feedback/upgrade-controller.ts';
import type { Controller } from '../ledger/controller.ts';
import { intakeController } from '../ledger/intake-controller.ts';
import { queueController } from '../queue/queue-controller.ts';

/** Every controller of a pass, in order: what one records, the next can read. */
export const controllers: readonly Controller[] = [
  intakeController,
  queueController,
  analysisController,
  upgradeController,
  proposalController,
];
