import { analysisController } from '../feedback/analysis-controller.ts';
import { autoApplyController } from '../feedback/auto-apply/auto-apply-controller.ts';
import { boardController } from '../feedback/board-controller.ts';
import { effectsController } from '../feedback/effects/effects-controller.ts';
import { explainController } from '../feedback/explain/explain-controller.ts';
import { gateController } from '../feedback/gate/gate-controller.ts';
import { proposalController } from '../feedback/proposal-controller.ts';
import { upgradeController } from '../feedback/upgrade-controller.ts';
import type { Controller } from '../ledger/controller.ts';
import { intakeController } from '../ledger/intake-controller.ts';
import { queueController } from '../queue/queue-controller.ts';
import { boardNotes } from './doctor/board-notes.ts';
import { explainFindings } from './loop/explain-findings.ts';
import { recipes } from './recipes.ts';
import { scheduleController } from './schedules/schedule-controller.ts';

/** What turns the loop, in order: what one records, the next can read. */
const loop: readonly Controller[] = [
  effectsController,
  analysisController,
  explainController,
  upgradeController,
  gateController(recipes),
  proposalController,
  autoApplyController,
  boardController(boardNotes),
];
const intake: readonly Controller[] = [intakeController, queueController];

/** Every controller of a pass, in order. A loop that is due by schedule goes before the parts that it consists of. */
export const controllers: readonly Controller[] = [
  ...intake,
  scheduleController({ controllers: [...intake, ...loop], explain: explainFindings }),
  ...loop,
];
