/** What the documents of a dataset are written as. */
export const datasetExportFormats = ['jsonl', 'csv', 'text'] as const;
export type DatasetExportFormat = (typeof datasetExportFormats)[number];
