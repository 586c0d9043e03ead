import { CircleCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { isFault, type Verification } from '../../../shared/integrity/verification.ts';
import { formatBytes, formatCount } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { Disclosure } from '../../components/disclosure.tsx';

/** The parts of the project in which nothing is the matter, folded away. */
export function WholeAreas({ verification }: { readonly verification: Verification }): JSX.Element | null {
  const { t } = useTranslation('check');
  const { areas, findings, rows } = verification;
  const damaged = new Set(findings.filter(isFault).map(({ area }) => area));
  const whole = areas.filter(({ area }) => !damaged.has(area));
  if (whole.length === 0) return null;
  const files = whole.reduce((sum, each) => sum + each.files, 0);
  return (
    <Card>
      <Disclosure title={t('whole')} hint={t('wholeHint', { count: files, files: formatCount(files) })}>
        <ul className="flex flex-col gap-1">
          {whole.map((each) => (
            <li key={each.area} className="flex items-baseline gap-2">
              <CircleCheck aria-hidden className="size-4 shrink-0 self-center text-success" />
              <span className="w-48 shrink-0">{t(`area.${each.area}`)}</span>
              <span className="figures text-ink-soft">
                {each.area === 'store'
                  ? t('areaRows', { count: rows, rows: formatCount(rows), size: formatBytes(each.bytes) })
                  : t('areaFiles', {
                      count: each.files,
                      files: formatCount(each.files),
                      size: formatBytes(each.bytes),
                    })}
              </span>
            </li>
          ))}
        </ul>
      </Disclosure>
    </Card>
  );
}
