import { engine } from './data/engine';
import { testSlips } from './testSlips';

testSlips(engine);
