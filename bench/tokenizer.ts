import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readDocuments } from '../src/main/llm/data/text-files.ts';
import { withTemporaryFolder, type Benchmark } from './harness/context.ts';
import { figure, ratio } from './harness/presentation.ts';
import { median } from './harness/statistics.ts';
import { findTexts } from './harness/texts.ts';

interface Side {
  readonly trainingSeconds: number;
  readonly firstEncodingSeconds: number;
  readonly encodingSeconds: number;
  readonly vocabularySize: number;
  readonly tokens: number;
  readonly idsHash: string;
  /** The peer's: whether it learned the merges that Loam did. */
  readonly sameMerges?: boolean;
  readonly peakBytes: number;
}

interface TokenizerData {
  readonly texts: readonly string[];
  readonly megabytes: number;
  readonly threads: number;
  readonly loam: readonly Side[];
  readonly oneThread: readonly Side[];
  readonly allThreads: readonly Side[];
}

/** Least speed, as a share of the peer's with as many threads. */
const target = 0.5;
const vocabularySize = 8192;

/** Byte-level BPE against Hugging Face's tokenizers. */
export const tokenizer: Benchmark<TokenizerData> = {
  name: 'tokenizer',
  summary: 'training a byte-level BPE tokenizer and encoding with it, against Hugging Face tokenizers',
  async run({ options, loam, peer, say }) {
    const files = findTexts(options.texts, [
      'tinyshakespeare.txt',
      'multi30k-en-de/train.en',
      'multi30k-en-de/train.de',
    ]);
    return withTemporaryFolder(async (folder) => {
      const pieces: string[] = [];
      for await (const { text } of readDocuments(files.map((path) => ({ path, name: basename(path) }))))
        pieces.push(text);
      const texts = join(folder, 'texts.json');
      await writeFile(texts, JSON.stringify(pieces));
      const task = { texts, vocabularySize, folder, encodings: options.quick ? 1 : 3 };
      const sides = { loam: [] as Side[], oneThread: [] as Side[], allThreads: [] as Side[] };
      const threads = (count: number) => ({
        RAYON_NUM_THREADS: String(count),
        TOKENIZERS_PARALLELISM: count === 1 ? 'false' : 'true',
      });
      for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
        say(`tokenizer: repetition ${repetition + 1} of ${options.repetitions}`);
        sides.loam.push((await loam('tokenizer', task)).result as Side);
        sides.oneThread.push((await peer('tokenizer', task, threads(1))).result as Side);
        sides.allThreads.push((await peer('tokenizer', task, threads(options.threads))).result as Side);
      }
      return {
        texts: files.map((file) => basename(file)),
        megabytes: pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0) / 1e6,
        threads: options.threads,
        ...sides,
      };
    });
  },
  present({ texts, megabytes, threads, loam, oneThread, allThreads }) {
    type Phase = 'trainingSeconds' | 'firstEncodingSeconds' | 'encodingSeconds';
    const speed = (side: readonly Side[], phase: Phase): number =>
      megabytes / median(side.map((run) => run[phase]));
    const row = (name: string, phase: Phase, judged: boolean): readonly string[] => {
      const share = speed(loam, phase) / speed(oneThread, phase);
      return [
        name,
        figure(speed(loam, phase)),
        figure(speed(oneThread, phase)),
        ratio(share),
        judged ? (share >= target ? 'met' : 'missed') : '',
        figure(speed(allThreads, phase)),
        ratio(speed(loam, phase) / speed(allThreads, phase)),
      ];
    };
    const sameIds = new Set([...loam, ...oneThread, ...allThreads].map(({ idsHash }) => idsHash)).size === 1;
    const sameMerges = [...oneThread, ...allThreads].every(({ sameMerges }) => sameMerges === true);
    return {
      title: 'Tokenizer',
      tables: [
        {
          caption: `${figure(megabytes)} MB (${texts.join(', ')}), vocabulary ${loam[0]?.vocabularySize.toLocaleString('en') ?? '–'}: MB/s (more is better)`,
          head: [
            '',
            'Loam, 1 thread',
            'HF, 1 thread',
            'Loam / HF',
            `target ≥ ${target}×`,
            `HF, ${threads} threads`,
            'Loam / HF',
          ],
          rows: [
            row('training', 'trainingSeconds', true),
            row('encoding, first time', 'firstEncodingSeconds', true),
            row('encoding, again', 'encodingSeconds', false),
          ],
        },
        {
          caption: 'Peak memory of the processes, MB',
          head: ['Loam', 'HF, 1 thread', `HF, ${threads} threads`],
          rows: [
            [loam, oneThread, allThreads].map((side) =>
              figure(median(side.map(({ peakBytes }) => peakBytes / 1e6))),
            ),
          ],
        },
      ],
      notes: [
        `The texts lie in memory as the same pieces on both sides. Loam trains and encodes on one thread, HF (encode_batch_fast) on as many as stated. The merges learned are ${sameMerges ? 'the same' : 'NOT the same'} on both sides, and so are the ids${sameIds ? '' : ' NOT'} (${(loam[0]?.tokens ?? 0).toLocaleString('en')} tokens, compared by hash).`,
      ],
    };
  },
};
