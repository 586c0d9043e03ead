import { withOpenProject } from '../projects/projects.ts';
import { lowerPriority } from '../processes/priority.ts';
import { serveWorker } from '../processes/worker-server.ts';
import { acceptFindings } from './accept-findings.ts';
import type { IntegrityProcedures } from './integrity-protocol.ts';
import { repairProject } from './repair-project.ts';
import { verifyProject } from './verify-project.ts';

lowerPriority();

/** The process that reads everything in a project, and makes again what can be made again. */
serveWorker<IntegrityProcedures>({
  verify: ({ project }, { signal, emit }) => verifyProject(project, { signal, onProgress: throttle(emit) }),
  repair: ({ project, findings }, { signal, emit }) =>
    withOpenProject(project, (open) =>
      repairProject(open, findings, { signal, onRepair: ({ what }) => emit({ what }) }),
    ),
  accept: ({ project }) => withOpenProject(project, (open) => acceptFindings(open)),
});

/** Progress is told so often, in milliseconds; a project may have many thousands of files. */
const interval = 100;

function throttle<Event>(emit: (event: Event) => void): (event: Event) => void {
  let told = -Infinity;
  return (event) => {
    const now = performance.now();
    if (now - told < interval) return;
    told = now;
    emit(event);
  };
}
