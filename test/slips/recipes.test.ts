import { recipes } from './data/recipes';
import { testSlips } from './testSlips';

testSlips(recipes);
