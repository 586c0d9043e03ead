import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { documentsForSplit } from '../../../shared/datasets/document.ts';
import { api } from '../../client/client.ts';
import { Notice } from '../../components/notice.tsx';

/** UTF-16 units from which one would ask whether a text must be cut. */
const longText = 5000;

/** Says of a dataset of few texts, a book say, how a model learns from it and what it is measured on. */
export function FewDocuments({ name }: { readonly name: string }): JSX.Element | null {
  const { t } = useTranslation('data');
  const { data } = useQuery(api.datasets.show.queryOptions({ input: { name } }));
  const documents = data?.documents ?? 0;
  const characters = data?.characters ?? 0;
  if (documents === 0 || documents >= documentsForSplit || characters < longText * documents) return null;
  return <Notice tone="info">{t('fewDocuments', { least: documentsForSplit })}</Notice>;
}
