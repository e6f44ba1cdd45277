import { trigger } from './data/trigger';
import { testSlips } from './testSlips';

testSlips(trigger);
