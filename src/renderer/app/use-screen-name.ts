import { useTranslation } from 'react-i18next';
import { destinationNames, type DestinationName } from './navigation.ts';

/** How a screen is called: the title among its texts. */
export function useScreenName(): (screen: DestinationName) => string {
  const { t } = useTranslation([...destinationNames]);
  return (screen) => t('title', { ns: screen });
}
