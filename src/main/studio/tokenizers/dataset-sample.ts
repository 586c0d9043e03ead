import { readDocuments } from '../../llm/data/text-files.ts';
import { datasetFiles, requireDataset } from '../datasets/datasets.ts';
import type { Project } from '../projects/projects.ts';

/** How much text a sample has, in UTF-16 code units: enough for steady figures, encoded in some milliseconds. */
const sampleLength = 65_536;
/** How many files a sample is taken from, spread over the dataset. */
const sampledFiles = 16;

/** The beginnings of some of a dataset's files, spread evenly over it: the same text each time. */
export async function datasetSample(project: Project, dataset: string): Promise<string> {
  const { id } = requireDataset(project, dataset);
  const files = datasetFiles(project, id);
  const count = Math.min(files.length, sampledFiles);
  const parts: string[] = [];
  for (let index = 0; index < count; index++) {
    const file = files[Math.floor((index * files.length) / count)];
    if (file === undefined) continue;
    let wanted = Math.floor(sampleLength / count);
    for await (const { text } of readDocuments([file])) {
      const part = text.slice(0, wanted);
      parts.push(part);
      wanted -= part.length;
      if (wanted <= 0) break;
    }
  }
  return parts.join('\n');
}
