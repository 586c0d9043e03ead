import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { formatCompact, formatCount, formatNumber } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Select } from '../../components/select.tsx';
import { toastError } from '../../components/toast.tsx';

/** How many tokens a dataset is with a tokenizer that the person chooses: estimated at once, counted when asked for. */
export function TokenFigure({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string;
}): JSX.Element {
  const { t } = useTranslation('data');
  const tokenizers = useQuery(api.tokenizers.list.queryOptions());
  const [chosen, setChosen] = useState<string>();
  const [job, setJob] = useState<number>();
  const list = tokenizers.data ?? [];
  const tokenizer =
    list.find((each) => each.name === chosen)?.name ??
    list.find((each) => each.dataset === name)?.name ??
    list.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0]?.name;
  const tokens = useQuery(
    api.datasets.tokens.queryOptions({
      input: { name, tokenizer: tokenizer ?? '' },
      enabled: tokenizer !== undefined,
    }),
  );
  const count = useMutation(
    api.datasets.countTokens.mutationOptions({
      onSuccess: (started) => setJob(started.job),
      onError: toastError,
    }),
  );
  const { data } = tokens;
  const current = data?.version === version || data === undefined ? data : undefined;
  return (
    <div className="col-span-full flex flex-wrap items-start gap-x-6 gap-y-3 border-t border-line pt-3">
      <div className="min-w-36">
        <div className="flex items-center gap-0.5 text-sm text-ink-faint">
          {t('figureTokens')}
          <Explain term="data.tokens" />
        </div>
        <div className="figures text-lg font-semibold">
          {current === undefined
            ? '–'
            : `${current.exact ? '' : '≈ '}${current.exact ? formatCount(current.tokens) : formatCompact(current.tokens)}`}
        </div>
      </div>
      {tokenizer === undefined ? (
        <div className="flex items-center gap-3 self-center text-ink-faint">
          {tokenizers.data !== undefined && t('tokensNone')}
          <LinkButton to="/tokenizers" search={{ train: name }} size="small">
            {t('trainTokenizer')}
          </LinkButton>
        </div>
      ) : (
        <>
          <label className="text-sm text-ink-faint">
            {t('tokensWith')}
            <Select
              label={t('tokensWith')}
              size="small"
              className="mt-0.5 w-52"
              value={tokenizer}
              onChange={(next) => {
                setChosen(next);
                setJob(undefined);
              }}
              options={list.map((each) => ({ value: each.name, label: each.name }))}
            />
          </label>
          {current !== undefined && (
            <div className="self-end text-sm text-ink-faint">
              <p>{t('tokensPerWord', { ratio: formatNumber(current.tokensPerWord) })}</p>
              <p>
                {current.exact
                  ? t('tokensExact')
                  : t('tokensEstimate', { count: current.sampled, counted: formatCount(current.sampled) })}
              </p>
            </div>
          )}
          {current?.exact === false && job === undefined && (
            <Button
              size="small"
              className="self-end"
              busy={count.isPending}
              onClick={() => count.mutate({ name, tokenizer })}
            >
              {t('tokensCount')}
            </Button>
          )}
        </>
      )}
      {job !== undefined && (
        <div className="w-full">
          <JobProgress job={job} hideWhenDone />
        </div>
      )}
      <ErrorNotice error={tokens.error} onRetry={() => void tokens.refetch()} />
    </div>
  );
}
