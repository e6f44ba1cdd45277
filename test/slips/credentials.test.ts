import { credentials } from './data/credentials';
import { testSlips } from './testSlips';

testSlips(credentials);
