import { resources } from './data/resources';
import { testSlips } from './testSlips';

testSlips(resources);
