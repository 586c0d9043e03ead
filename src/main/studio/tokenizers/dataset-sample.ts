import { requireDataset } from '../datasets/dataset-rows.ts';
import { sampleDatasetText } from '../datasets/dataset-documents.ts';
import type { Project } from '../projects/projects.ts';

/** How much text a sample has, in UTF-16 code units: enough for steady figures, encoded in some milliseconds. */
const sampleLength = 65_536;
/** How many files a sample is taken from, spread over the dataset. */
const sampledFiles = 16;

/** The beginnings of some of a dataset's files, or of its documents, spread evenly over it: the same text each time. */
export function datasetSample(project: Project, dataset: string): Promise<string> {
  const { id } = requireDataset(project, dataset);
  return sampleDatasetText(project, id, { length: sampleLength, parts: sampledFiles });
}
