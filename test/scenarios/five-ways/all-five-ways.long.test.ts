import { tellFiveWays } from './story.ts';

tellFiveWays(['incident', 'temporal ui', 'command line', 'schedule', 'page']);
