import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { withTexts } from '../../../shared/datasets/dataset.ts';
import type { TokenizerFit } from '../../../shared/tokenizers/encoding.ts';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';
import { vocabularyParameters } from '../../../shared/tokenizers/vocabulary-cost.ts';
import { api } from '../../client/client.ts';
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatParameters,
  formatPercent,
} from '../../format/format.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import type { TermName } from '../../../shared/teaching/terms.ts';
import { Explain } from '../../components/explain.tsx';
import { encodedPart, TextPanel, type TextPanelProps } from './text-panel.tsx';
import { useDebounced } from '../../client/use-debounced.ts';
import { typingRest, useEncoding } from './encoding.ts';
import { TokenFacts } from './token-facts.tsx';
import { areComparable } from './lost-text.ts';
import { TokenStrip } from './token-strip.tsx';
import { Verdict } from './verdict.tsx';

export interface CompareViewProps extends TextPanelProps {
  readonly name: string;
  readonly other: string | undefined;
  readonly onOther: (name: string) => void;
  readonly tokenizers: readonly TokenizerDetails[];
}

/** The value of the choice that stands for what was typed; no dataset can be called that. */
const typedText = ' ';

/** Two tokenizers on the same text: their figures, and their tokens side by side. */
export function CompareView(props: CompareViewProps): JSX.Element {
  const { name, other: named, onOther, tokenizers, text, onText } = props;
  const { t } = useTranslation('tokenizers');
  const others = tokenizers.filter((each) => each.name !== name);
  const other = others.find((each) => each.name === named)?.name ?? others[0]?.name;
  const [dataset, setDataset] = useState(typedText);
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  if (other === undefined) return <Notice tone="info">{t('compareNeedsTwo')}</Notice>;
  return (
    <div className="flex flex-col gap-5">
      <div className="grid grid-cols-2 gap-4">
        <Field label={t('compareWith')}>
          <Select
            value={other}
            onChange={onOther}
            options={others.map((each) => ({
              value: each.name,
              label: each.name,
              hint: t('tokens', { count: each.vocabularySize, counted: formatCount(each.vocabularySize) }),
            }))}
          />
        </Field>
        <Field label={t('compareOn')}>
          <Select
            value={dataset}
            onChange={setDataset}
            options={[
              { value: typedText, label: t('compareOnText') },
              ...(datasets.data ?? []).map((each) => ({
                value: each.name,
                label: t('compareOnDataset', { name: each.name }),
                hint: formatBytes(each.bytes),
              })),
            ]}
          />
        </Field>
      </div>
      {dataset === typedText && <TextPanel text={text} onText={onText} />}
      <Fits names={[name, other]} text={text} dataset={dataset === typedText ? undefined : dataset} />
      {dataset === typedText && <SideBySide names={[name, other]} text={text} />}
    </div>
  );
}

interface FitsProps {
  readonly names: readonly [string, string];
  readonly text: string;
  readonly dataset: string | undefined;
}

/** What differs between the two, as a table of figures. */
function Fits({ names, text, dataset }: FitsProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const settled = useDebounced(text, typingRest);
  const comparison = useQuery(
    api.tokenizers.compare.queryOptions({
      input: {
        names: [...names],
        sample:
          dataset === undefined ? { kind: 'text', text: encodedPart(settled) } : { kind: 'dataset', dataset },
      },
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    }),
  );
  const [width, setWidth] = useState<number | null>(384);
  const [tied, setTied] = useState(true);
  if (comparison.error !== null)
    return <ErrorNotice error={comparison.error} onRetry={() => void comparison.refetch()} />;
  const [a, b] = comparison.data?.tokenizers ?? [];
  if (comparison.data === undefined || a === undefined || b === undefined) return <Loading />;
  const cost = ({ vocabularySize }: TokenizerFit): number =>
    vocabularyParameters(vocabularySize, width ?? 0, tied);
  const comparable = areComparable(a, b);
  return (
    <section aria-label={t('compareFigures')} className="flex flex-col gap-3">
      {dataset !== undefined && (
        <p className="text-sm text-ink-faint">
          {t('compareSample', { bytes: formatBytes(comparison.data.sample.bytes) })}
        </p>
      )}
      <Verdict a={a} b={b} />
      <div className="overflow-x-auto rounded-lg border border-line">
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-b border-line text-sm text-ink-faint">
              <th scope="col" className="h-9 px-3 text-left font-medium">
                {t('figure')}
              </th>
              {[a, b].map((fit) => (
                <th
                  key={fit.name}
                  scope="col"
                  className="max-w-48 truncate px-3 text-right font-semibold text-ink"
                >
                  {fit.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name={t('figureLost')} a={a.lostShare} b={b.lostShare} show={percent} better="less" />
            <Row
              name={t('figureTokens')}
              term="tokenizers.token"
              a={a.tokens}
              b={b.tokens}
              show={formatCount}
              better={comparable ? 'less' : undefined}
            />
            <Row
              name={t('figureTokensPerWord')}
              term="tokenizers.tokensPerWord"
              a={a.tokensPerWord}
              b={b.tokensPerWord}
              show={formatNumber}
              better={comparable ? 'less' : undefined}
            />
            <Row
              name={t('figureBytesPerToken')}
              term="tokenizers.bytesPerToken"
              a={a.bytesPerToken}
              b={b.bytesPerToken}
              show={formatNumber}
              better={comparable ? 'more' : undefined}
            />
            <Row
              name={t('figureCharactersPerToken')}
              a={a.charactersPerToken}
              b={b.charactersPerToken}
              show={formatNumber}
              better={comparable ? 'more' : undefined}
            />
            <Row name={t('figureDistinct')} a={a.distinctTokens} b={b.distinctTokens} show={formatCount} />
            <Row
              name={t('figurePartial')}
              term="tokenizers.partialTokens"
              a={a.partialShare}
              b={b.partialShare}
              show={percent}
              better={comparable ? 'less' : undefined}
            />
            <Row
              name={t('figureUnknown')}
              term="tokenizers.unknownTokens"
              a={a.unknownShare}
              b={b.unknownShare}
              show={percent}
              better="less"
            />
            <Row
              name={t('figureVocabulary')}
              term="tokenizers.vocabularySize"
              a={a.vocabularySize}
              b={b.vocabularySize}
              show={formatCount}
            />
            <Row
              name={t('figureCost')}
              term="tokenizers.vocabularyParameters"
              a={cost(a)}
              b={cost(b)}
              show={formatParameters}
            />
          </tbody>
        </table>
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
        <label className="flex items-center gap-2 text-ink-soft">
          {t('compareWidth')}
          <NumberInput
            label={t('compareWidth')}
            value={width}
            onChange={setWidth}
            min={1}
            max={65536}
            step={64}
            className="w-28"
          />
        </label>
        <Switch label={t('compareTied')} checked={tied} onChange={setTied} />
      </div>
    </section>
  );
}

const percent = (share: number | null): string => formatPercent(share, 1);

interface RowProps {
  readonly name: string;
  readonly term?: TermName;
  readonly a: number | null;
  readonly b: number | null;
  readonly show: (value: number | null) => string;
  /** Which of two values is the better one, where one is. */
  readonly better?: 'less' | 'more' | undefined;
}

function Row({ name, term, a, b, show, better }: RowProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const isBetter = (one: number | null, two: number | null): boolean =>
    better !== undefined &&
    one !== null &&
    two !== null &&
    show(one) !== show(two) &&
    (better === 'less' ? one < two : one > two);
  const cell = (one: number | null, two: number | null): JSX.Element => (
    <td className={`figures h-9 px-3 text-right ${isBetter(one, two) ? 'font-semibold' : 'text-ink-soft'}`}>
      {isBetter(one, two) && <span className="mr-2 text-sm font-normal text-success">{t('better')}</span>}
      {show(one)}
    </td>
  );
  return (
    <tr className="border-b border-line last:border-b-0">
      <th scope="row" className="px-3 text-left font-normal">
        <span className="flex items-center gap-0.5">
          {name}
          {term !== undefined && <Explain term={term} />}
        </span>
      </th>
      {cell(a, b)}
      {cell(b, a)}
    </tr>
  );
}

/** The same text twice, cut by each of the two. */
function SideBySide({
  names,
  text,
}: {
  readonly names: readonly [string, string];
  readonly text: string;
}): JSX.Element {
  const { t } = useTranslation('tokenizers');
  return (
    <section aria-label={t('sideBySide')} className="grid grid-cols-2 gap-4">
      {names.map((name) => (
        <Half key={name} name={name} text={text} />
      ))}
    </section>
  );
}

function Half({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const encoding = useEncoding(name, text);
  const [current, setCurrent] = useState<number>();
  const tokens = encoding.data?.tokens ?? [];
  const token = current === undefined ? undefined : tokens[current];
  return (
    <div className="flex min-w-0 flex-col gap-2 rounded-lg border border-line p-3">
      <h3 className="flex items-baseline gap-2 font-semibold">
        <span className="min-w-0 truncate">{name}</span>
        <span className="figures text-sm font-normal text-ink-faint">
          {t('tokens', { count: tokens.length, counted: formatCount(tokens.length) })}
        </span>
      </h3>
      <ErrorNotice error={encoding.error} onRetry={() => void encoding.refetch()} />
      {tokens.length === 0 ? (
        <p className="text-ink-faint">{t('noTokens')}</p>
      ) : (
        <TokenStrip
          label={`${t('tokensLabel')}: ${name}`}
          tokens={tokens}
          detail="text"
          current={token === undefined ? undefined : current}
          onCurrent={setCurrent}
        />
      )}
      <TokenFacts token={token} index={current} count={tokens.length} />
    </div>
  );
}
