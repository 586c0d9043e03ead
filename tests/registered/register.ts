import { registerArchitecture } from '../../src/main/llm/models/registry.ts';
import { registerObjective } from '../../src/main/llm/objectives/registry.ts';
import { bagOfWords } from '../llm/models/bag-of-words.ts';
import { bigramTable } from '../llm/models/bigram-table.ts';
import { labels } from '../llm/objectives/labels.ts';
import { previousToken } from '../llm/objectives/previous-token.ts';

/** What a process knows besides what comes with the program. Imported for that alone, before anything else is. */
registerArchitecture(bigramTable);
registerArchitecture(bagOfWords);
registerObjective(previousToken);
registerObjective(labels);
