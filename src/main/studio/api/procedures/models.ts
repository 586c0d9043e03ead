import { withoutProject } from '../implement.ts';
import { architectureCards } from '../../models/architecture-cards.ts';

export const modelsProcedures = {
  architectures: withoutProject.models.architectures.handler(() => [...architectureCards()]),
};
