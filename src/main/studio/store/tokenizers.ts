import { spellingOfName } from './spelling-of-name.ts';
import type { Store } from './store.ts';

export interface TokenizerRow {
  readonly id: number;
  readonly name: string;
  readonly kind: 'bpe' | 'char' | 'other';
  readonly vocabularySize: number;
  readonly hash: string;
  readonly datasetId: number | null;
  readonly datasetName: string | null;
  readonly settingsJson: string;
  readonly createdAt: string;
}

function tokenizers(store: Store) {
  return store.query
    .selectFrom('tokenizers')
    .leftJoin('datasets', 'datasets.id', 'tokenizers.datasetId')
    .select([
      'tokenizers.id',
      'tokenizers.name',
      'kind',
      'vocabularySize',
      'tokenizers.hash',
      'datasetId',
      'datasets.name as datasetName',
      'settingsJson',
      'tokenizers.createdAt',
    ]);
}

export function listTokenizerRows(store: Store): readonly TokenizerRow[] {
  return store.all(tokenizers(store).orderBy('tokenizers.name'));
}

export function findTokenizerRow(store: Store, name: string): TokenizerRow | undefined {
  return store.first(
    tokenizers(store).where('tokenizers.name', '=', spellingOfName(store, 'tokenizers', name)),
  );
}

export function listTokenizersOfDataset(store: Store, datasetId: number): readonly TokenizerRow[] {
  return store.all(tokenizers(store).where('datasetId', '=', datasetId).orderBy('tokenizers.name'));
}

export function insertTokenizer(store: Store, tokenizer: Omit<TokenizerRow, 'id' | 'datasetName'>): void {
  store.run(store.query.insertInto('tokenizers').values(tokenizer));
}

export function deleteTokenizerRow(store: Store, id: number): void {
  store.run(store.query.deleteFrom('tokenizers').where('id', '=', id));
}
