import { Popover } from '@base-ui/react/popover';
import { CircleHelp } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { explainSetting } from '../client/architectures.ts';
import type { Term } from '../../shared/teaching/term.ts';
import { findTerm, type TermName } from '../../shared/teaching/terms.ts';

export type ExplainProps =
  | {
      /** What to explain: by topic and name ("training.learningRate"), or a term that is at hand. */
      readonly term: TermName | Term;
      readonly setting?: never;
    }
  | {
      /** A key of a run's configuration, with dots. */
      readonly setting: string;
      readonly term?: never;
    };

/** A small question mark that opens what something is, what a larger value does and what is usual. */
export function Explain(props: ExplainProps): JSX.Element | null {
  const term =
    props.term === undefined
      ? explainSetting(props.setting)
      : typeof props.term === 'string'
        ? findTerm(props.term)
        : props.term;
  return term === undefined ? null : <ExplainTerm term={term} />;
}

/** The same for a term that is at hand. */
export function ExplainTerm({ term }: { readonly term: Term }): JSX.Element {
  const { t } = useTranslation('kit');
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={t('explain', { name: term.name })}
        className="inline-flex size-5 shrink-0 items-center justify-center rounded-full align-[-0.3em] text-ink-faint hover:bg-hover hover:text-ink data-[popup-open]:text-accent-text"
      >
        <CircleHelp aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} collisionPadding={12} className="z-50">
          <Popover.Popup className="popup w-80 max-w-[calc(100vw-1.5rem)] p-4 text-base font-normal">
            <Popover.Title className="mb-1 text-base font-semibold">{term.name}</Popover.Title>
            <Popover.Description className="text-ink-soft">{term.what}</Popover.Description>
            {(term.larger !== undefined || term.usual !== undefined) && (
              <dl className="mt-3 grid gap-2 border-t border-line pt-3">
                {term.larger !== undefined && (
                  <div>
                    <dt className="text-xs font-semibold text-ink-faint">{t('explainLarger')}</dt>
                    <dd className="text-ink-soft">{term.larger}</dd>
                  </div>
                )}
                {term.usual !== undefined && (
                  <div>
                    <dt className="text-xs font-semibold text-ink-faint">{t('explainUsual')}</dt>
                    <dd className="text-ink-soft">{term.usual}</dd>
                  </div>
                )}
              </dl>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
