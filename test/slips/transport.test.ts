import { transport } from './data/transport';
import { testSlips } from './testSlips';

testSlips(transport);
