import { tellFiveWays } from './story.ts';

tellFiveWays(['incident', 'page']);
