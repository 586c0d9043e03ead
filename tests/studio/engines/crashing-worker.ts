import { writeSync } from 'node:fs';
import type { EngineProcedures } from '../../../src/main/studio/engines/engine-protocol.ts';
import { serveWorker } from '../../../src/main/studio/processes/worker-server.ts';

/** A process that ends as TensorFlow ends it on a processor without AVX. */
serveWorker<Pick<EngineProcedures, 'testTensorFlow'>>({
  testTensorFlow: async () => {
    writeSync(
      2,
      'The TensorFlow library was compiled to use AVX instructions, but these are not available.\n',
    );
    process.abort();
  },
});
