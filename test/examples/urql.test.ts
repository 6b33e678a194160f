import { describePage } from './support/page-suite';

describePage('urql');
